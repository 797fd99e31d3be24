import { resolve } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { KeelanError } from '../../api/errors.ts'
import { Platform } from '../../api/helper.ts'
import { startHelper, stopHelper, restartHelper, runHelperInForeground } from '../../daemon-control.ts'
import type { Context } from '../context.ts'
import { Exit } from '../failure.ts'
import { count, jsonOption } from '../options.ts'
import { tell, tellJson } from '../terminal.ts'
import { status } from './daemon-status.ts'

interface StartOptions {
  interval?: number
  logFile?: string
  pidFile?: string
  foreground?: boolean
  platform?: Platform
}

export function configure(command: Command, context: Context): void {
  const path = (typed: string) => resolve(context.folder, typed)
  command
    .command('start')
    .description('start the helper; returns once it answers')
    .option(
      '--interval <seconds>',
      'between two sweeps over all processes, for this run, in place of the setting',
      interval,
    )
    .option('--log-file <file>', 'its log', path)
    .addOption(new Option('--logfile <file>').argParser(path).hideHelp())
    .option('--pid-file <file>', 'its pid', path)
    .addOption(new Option('--pidfile <file>').argParser(path).hideHelp())
    .option('--foreground', 'do not detach')
    .addOption(new Option('--nodaemonize').hideHelp())
    .addOption(new Option('--platform <platform>', 'chat platform that takes commands').choices(Platform.options))
    .addHelpText(
      'after',
      '\n--logfile, --pidfile and --nodaemonize are other names of --log-file, --pid-file and --foreground.\nLOGLEVEL=DEBUG makes the log say more; BASE_DIRECTORY moves everything.',
    )
    .action((options: StartOptions & { logfile?: string; pidfile?: string; nodaemonize?: boolean }) => {
      const { logfile, pidfile, nodaemonize, ...rest } = options
      return start(context, {
        ...rest,
        ...(logfile !== undefined && { logFile: logfile }),
        ...(pidfile !== undefined && { pidFile: pidfile }),
        ...(nodaemonize && { foreground: true }),
      })
    })
  command
    .command('stop')
    .description('stop the helper; the ships go on')
    .option('--ships', 'stop the ships first')
    .addOption(jsonOption())
    .action((options: { ships?: boolean; json?: boolean }) => stop(context, options))
  command
    .command('restart')
    .description('restart the helper with the options it had; the ships go on')
    .action(() => restart(context))
  command
    .command('status')
    .description('whether it is running, its files and last log lines; ends with 3 if it is not')
    .option('-n, --lines <number>', 'this many log lines', count(0), 10)
    .addOption(jsonOption())
    .action((options: { lines: number; json?: boolean }) => status(context, options))
}

function interval(typed: string): number {
  const seconds = Number(typed)
  if (!(seconds > 0 && seconds <= 86_400))
    throw new InvalidArgumentError('It must be a number of seconds, up to 86400.')
  return seconds
}

async function start(
  { stdout, stderr }: Context,
  { interval: intervalSeconds, foreground, ...options }: StartOptions,
): Promise<void> {
  if (options.platform && options.platform !== 'console')
    throw new KeelanError('NOT_YET_AVAILABLE', `--platform ${options.platform} is not yet available in this version`)
  const all = { ...options, ...(intervalSeconds !== undefined && { intervalSeconds }) }
  if (foreground) throw new Exit(await runHelperInForeground(all))
  const { pid, alreadyRunning } = await startHelper(all)
  tell(stdout, alreadyRunning ? `the helper is running already, pid ${pid}` : `the helper is running, pid ${pid}`)
  if (alreadyRunning && Object.keys(all).length > 0)
    tell(stderr, 'keelan: it keeps the options it was started with; `keelan daemon stop`, then start it with others')
}

async function stop({ stdout }: Context, { ships = false, json }: { ships?: boolean; json?: boolean }): Promise<void> {
  const { wasRunning, stoppedShips } = await stopHelper({ ships })
  if (json) tellJson(stdout, { wasRunning, stoppedShips })
  if (!wasRunning && ships)
    throw new KeelanError('HELPER_NOT_RUNNING', 'the helper is not running, so it cannot stop the ships')
  if (json) return
  if (!wasRunning) return tell(stdout, 'the helper was not running')
  for (const name of stoppedShips) tell(stdout, `${name}: stopped`)
  tell(stdout, ships ? 'the helper has stopped' : 'the helper has stopped; the ships go on')
}

async function restart({ stdout }: Context): Promise<void> {
  const { pid } = await restartHelper()
  tell(stdout, `the helper is running, pid ${pid}; the ships went on`)
}

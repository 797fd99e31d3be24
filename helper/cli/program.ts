import { Command, CommanderError } from 'commander'
import type { Context } from './context.ts'
import { addLazyCommands } from './lazy-command.ts'
import type { LazyCommand } from './lazy-command.ts'
import { exitCodes, reportFailure, sentence } from './failure.ts'
import { plain, tell } from './terminal.ts'
import { version } from '../version.ts'

const shipCommands: readonly LazyCommand[] = [
  { name: 'deploy', summary: 'make a ship of a command, and start it', load: () => import('./commands/deploy.ts') },
  { name: 'start', summary: 'start ships', load: () => import('./commands/start.ts') },
  { name: 'stop', summary: 'stop ships', load: () => import('./commands/stop.ts') },
  { name: 'restart', summary: 'stop and start ships', load: () => import('./commands/restart.ts') },
  { name: 'remove', summary: 'stop and forget ships', load: () => import('./commands/remove.ts') },
  { name: 'ls', summary: 'list the ships', load: () => import('./commands/ls.ts') },
  { name: 'show', summary: 'all about one ship', load: () => import('./commands/show.ts') },
  { name: 'logs', summary: "a ship's output", load: () => import('./commands/logs.ts') },
  { name: 'history', summary: "a ship's runs, and how each ended", load: () => import('./commands/history.ts') },
]

const commands: readonly LazyCommand[] = [
  ...shipCommands,
  { name: 'events', summary: 'what happened, to all ships', load: () => import('./commands/events.ts') },
  { name: 'incidents', summary: 'failures, each once', load: () => import('./commands/incidents.ts') },
  {
    name: 'monitor',
    summary: 'the state of all ships, live with --watch',
    load: () => import('./commands/monitor.ts'),
  },
  { name: 'init', summary: 'write a commented Keelanfile', load: () => import('./commands/init.ts') },
  { name: 'up', summary: 'apply the Keelanfile', load: () => import('./commands/up.ts') },
  { name: 'down', summary: 'stop the ships of the Keelanfile', load: () => import('./commands/down.ts') },
  { name: 'settings', summary: 'notifications, quiet hours and more', load: () => import('./commands/settings.ts') },
  { name: 'daemon', summary: 'the helper, which keeps the ships alive', load: () => import('./commands/daemon.ts') },
  { name: 'completion', summary: 'completion for your shell', load: () => import('./commands/completion.ts') },
  {
    name: 'ship',
    summary: 'the commands about ships once more: keelan ship start …',
    load: () => Promise.resolve({ configure: configureShip }),
  },
  {
    name: '__complete',
    summary: 'what may follow',
    load: () => import('./commands/complete.ts'),
    hidden: true,
  },
]

function configureShip(command: Command, context: Context): void {
  command.helpCommand(false)
  addLazyCommands(command, shipCommands, context)
}

const examples = `
Examples:
  keelan deploy web -- python3 -m http.server 8000
  keelan ls
  keelan logs web -f

With no helper running, deploy, up and start start it; \`keelan daemon --help\` tells more.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the helper is not running.`

/** The whole command line. */
export function createProgram(context: Context): Command {
  const program = new Command('keelan')
    .description('Keeps long-running programs alive, and tells you honestly when one fails.')
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      // Said by `run`, which knows which help has the answer.
      outputError: () => {},
    })
    .addHelpText('after', examples)
  addLazyCommands(program, commands, context)
  return program
}

/** Runs one command line and gives its exit code. */
export async function run(words: readonly string[], context: Context): Promise<number> {
  const program = createProgram(context)
  const line = words[0] === 'help' ? [...words.slice(1), '--help'] : [...words]
  try {
    await program.parseAsync(line, { from: 'user' })
    return exitCodes.done
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error, context.stderr, context.env)
    if (error.exitCode === 0) return exitCodes.done
    // A command that is only a heading was typed alone: its help has been shown.
    if (error.code !== 'commander.help') tell(context.stderr, usageLine(error, program, line))
    return exitCodes.wrongUsage
  }
}

function usageLine(error: CommanderError, program: Command, line: readonly string[]): string {
  const path: string[] = []
  let command: Command | undefined = program
  for (const word of line) {
    command = command?.commands.find((candidate) => candidate.name() === word)
    if (!command) break
    path.push(word)
  }
  const message = error.message.replace(/^error: /, '').replace(/\n\(Did (.*)\)$/, '; did $1')
  const hint =
    path.at(-1) === 'deploy' && error.code === 'commander.unknownOption'
      ? ' (what the ship itself is to get goes after --)'
      : ''
  return `keelan: ${sentence(plain(message + hint))} \`keelan ${[...path, '--help'].join(' ')}\` shows what there is.`
}

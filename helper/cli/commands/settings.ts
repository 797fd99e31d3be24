import { Argument, InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { Settings } from '../../api/settings.ts'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { jsonOption } from '../options.ts'
import { plain, tell, tellJson } from '../terminal.ts'

type Change = Partial<Settings>

export function configure(command: Command, context: Context): void {
  command
    .addOption(jsonOption())
    .addHelpText('after', '\nWithout a setting it shows them all. What is changed is in force at once.')
    .action((options: { json?: boolean }) => show(context, options))
  const setting = <T>(name: string, summary: string, argument: Argument, change: (value: T, now: Settings) => Change) =>
    command
      .command(name)
      .description(summary)
      .addArgument(argument)
      .action((value: T) => set(context, (now) => change(value, now)))

  setting(
    'notifications',
    'tell of failures on the desktop',
    new Argument('<on-off>', 'on or off').choices(['on', 'off']),
    (value: 'on' | 'off') => ({ notifications: value === 'on' }),
  )
  setting(
    'quiet-hours',
    'when nothing is told; all of it in one when they end',
    new Argument('<hours>', '22:00-07:00, or off').argParser(quietHours),
    (value: Settings['quietHours']) => ({ quietHours: value }),
  )
  setting(
    'mute',
    'tell of no failures of these ships',
    new Argument('<ship...>', 'names of ships'),
    (names: string[], now) => ({
      mutedShips: [...new Set([...now.mutedShips, ...names])],
    }),
  )
  setting('unmute', 'tell of them again', new Argument('<ship...>', 'names of ships'), (names: string[], now) => ({
    mutedShips: now.mutedShips.filter((name) => !names.includes(name)),
  }))
  setting(
    'interval',
    'between two sweeps over all processes',
    new Argument('<seconds>', '1 to 86400').argParser(seconds),
    (value: number) => ({ intervalSeconds: value }),
  )
  setting(
    'theme',
    'how the window looks',
    new Argument('<theme>', 'of the window').choices(Settings.shape.theme.options),
    (value: Settings['theme']) => ({ theme: value }),
  )
}

async function show(context: Context, { json }: { json?: boolean }): Promise<void> {
  const settings = await connect(context).call('getSettings')
  if (json) return tellJson(context.stdout, settings)
  for (const line of settingsLines(settings)) tell(context.stdout, line)
}

async function set(context: Context, change: (now: Settings) => Change): Promise<void> {
  const client = connect(context)
  const body = change(await client.call('getSettings'))
  for (const line of settingsLines(await client.call('changeSettings', { body }))) tell(context.stdout, line)
}

/** The lines of `keelan settings`. */
export function settingsLines({ notifications, mutedShips, quietHours, theme, intervalSeconds }: Settings): string[] {
  const lines = [
    ['notifications', notifications ? 'on' : 'off'],
    ['muted', mutedShips.length === 0 ? 'none' : mutedShips.join(', ')],
    ['quiet hours', quietHours ? `${quietHours.from}-${quietHours.to}` : 'off'],
    ['theme', theme],
    ['interval', `${intervalSeconds} s`],
  ]
  return lines.map(([title = '', value = '']) => `${title.padEnd(13)}  ${plain(value)}`)
}

function quietHours(typed: string): Settings['quietHours'] {
  if (typed === 'off') return null
  const [from, to, ...more] = typed.split('-')
  const { success, data } = Settings.shape.quietHours.safeParse({ from, to })
  if (!success || more.length > 0)
    throw new InvalidArgumentError('It must be two times of day, as in 22:00-07:00, or off.')
  return data
}

function seconds(typed: string): number {
  const { success, data } = Settings.shape.intervalSeconds.safeParse(typed.trim() === '' ? NaN : Number(typed))
  if (!success) throw new InvalidArgumentError('It must be a number of seconds, 1 to 86400.')
  return data
}

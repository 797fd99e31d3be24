import type { Command } from 'commander'
import type { ShipDetail } from '../../api/ship.ts'
import { printKeelanfile } from '../../keelanfile/print.ts'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { jsonOption } from '../options.ts'
import { colorsFor, plain, tell, tellJson } from '../terminal.ts'
import type { Colors } from '../terminal.ts'
import { exitInWords, localTime, stateInWords } from '../words.ts'

interface Options {
  env?: boolean
  json?: boolean
}

export function configure(command: Command, context: Context): void {
  command
    .argument('<ship>', 'name of a ship')
    .option('--env', 'show the values of its environment variables, which are *** otherwise')
    .addOption(jsonOption())
    .action((name: string, options: Options) => show(context, name, options))
}

async function show(context: Context, name: string, { env, json }: Options): Promise<void> {
  const { stdout } = context
  const detail = await connect(context).call('getShip', { params: { name }, query: { env: env ? 'true' : 'false' } })
  if (json) return tellJson(stdout, detail)
  for (const line of detailLines(detail, colorsFor(stdout, context.env), Date.now())) tell(stdout, line)
}

/** What `keelan show` says. */
export function detailLines({ ship, definition, logFiles }: ShipDetail, colors: Colors, nowMs: number): string[] {
  const facts: [string, string][] = [
    ['state', stateInWords(ship, nowMs)],
    ['wish', ship.wish],
    ['restarts', String(ship.restarts)],
  ]
  if (ship.startedAt !== null) facts.push(['started', localTime(ship.startedAt)])
  if (ship.stoppedAt !== null)
    facts.push([
      'last ended',
      `${localTime(ship.stoppedAt)}, ${ship.signal === null ? 'code' : 'signal'} ${exitInWords(ship)}`,
    ])
  for (const file of logFiles) facts.push(['log', plain(file)])
  const changed = ship.definitionChanged
    ? [colors.yellow(`changed, restart to apply: \`keelan restart ${ship.name}\``)]
    : []
  return [
    colors.bold(ship.name),
    ...facts.map(([title, fact]) => `  ${colors.dim(title.padEnd(10))}  ${fact}`),
    ...changed.map((line) => `  ${line}`),
    '',
    // The YAML printer escapes most of what is not to be printed, but not all.
    ...printKeelanfile([definition]).trimEnd().split('\n').map(plain),
  ]
}

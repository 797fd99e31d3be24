import type { Command } from 'commander'
import { ShipName } from '../../api/definition.ts'
import type { Incident } from '../../api/incidents.ts'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { wrongUsage } from '../failure.ts'
import { count, jsonOption } from '../options.ts'
import { tableLines } from '../table.ts'
import { colorsFor, plain, tell, tellJson } from '../terminal.ts'
import type { Colors } from '../terminal.ts'
import { localTime, shortDuration } from '../words.ts'

interface Options {
  open?: boolean
  lines: number
  json?: boolean
}

/** What the API gives in one reply at most. */
const pageSize = 1_000

export function configure(command: Command, context: Context): void {
  command
    .argument('[ship]', 'only those of one ship')
    .option('--open', 'only those that last')
    .option('-n, --lines <number>', 'this many, the newest first', count(1), 20)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nAn incident is a failure that you are told of once: it takes in all restarts until it is over.',
    )
    .action((ship: string | undefined, options: Options) => list(context, ship, options))
}

async function list(context: Context, ship: string | undefined, { open, lines, json }: Options): Promise<void> {
  const { stdout, stderr, env } = context
  if (ship !== undefined && !ShipName.safeParse(ship).success) throw wrongUsage(`${ship} is no name of a ship`)
  const client = connect(context)
  const incidents: Incident[] = []
  for (;;) {
    const limit = Math.min(lines - incidents.length, pageSize)
    const before = incidents.at(-1)?.id
    const query = {
      limit,
      ...(ship !== undefined && { ship }),
      ...(open && { open: 'true' }),
      ...(before !== undefined && { before }),
    }
    const page = await client.call('listIncidents', { query })
    incidents.push(...page.incidents)
    if (page.incidents.length < limit || incidents.length >= lines) break
  }
  if (json) return tellJson(stdout, incidents)
  if (incidents.length === 0) return tell(stderr, open ? 'Nothing is failing.' : 'Nothing has failed.')
  const width = stdout.isTTY ? stdout.columns : undefined
  for (const line of incidentTable(incidents, colorsFor(stdout, env), Date.now(), width)) tell(stdout, line)
}

/** The lines of `keelan incidents`. */
export function incidentTable(incidents: readonly Incident[], colors: Colors, nowMs: number, width?: number): string[] {
  const [titles = '', ...rows] = tableLines(
    [
      { title: 'SINCE' },
      { title: 'SHIP' },
      { title: 'LASTED', right: true },
      { title: 'FAILURES', right: true },
      { title: 'IS OVER' },
      { title: 'WHY' },
    ],
    incidents.map(({ openedAt, closedAt, ship, failures, outcome, reason }) => [
      localTime(openedAt),
      colors.bold(ship),
      shortDuration((closedAt === null ? nowMs : Date.parse(closedAt)) - Date.parse(openedAt)),
      String(failures),
      outcome === null ? colors.red('no') : outcome,
      plain(reason),
    ]),
    width,
  )
  return [colors.dim(titles), ...rows]
}

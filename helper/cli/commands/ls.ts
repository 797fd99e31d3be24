import type { Command } from 'commander'
import type { Ship } from '../../api/ship.ts'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { jsonOption } from '../options.ts'
import { tableLines } from '../table.ts'
import { colorsFor, plain, tell, tellJson } from '../terminal.ts'
import type { Colors } from '../terminal.ts'
import { coloredStatus, exitInWords, shortDuration, uptimeMs } from '../words.ts'

export function configure(command: Command, context: Context): void {
  command.addOption(jsonOption()).action((options: { json?: boolean }) => list(context, options))
}

async function list(context: Context, { json }: { json?: boolean }): Promise<void> {
  const { stdout, stderr, env } = context
  const { ships } = await connect(context).call('listShips')
  if (json) return tellJson(stdout, ships)
  if (ships.length === 0) return tell(stderr, 'There are no ships yet. `keelan deploy NAME -- COMMAND` makes one.')
  const width = stdout.isTTY ? stdout.columns : undefined
  for (const line of shipTable(ships, colorsFor(stdout, env), width)) tell(stdout, line)
}

/** The lines of `keelan ls`. */
export function shipTable(ships: readonly Ship[], colors: Colors, width?: number): string[] {
  const [titles = '', ...rows] = tableLines(
    [
      { title: 'NAME' },
      { title: 'STATUS' },
      { title: 'PID', right: true },
      { title: 'UPTIME', right: true },
      { title: 'RESTARTS', right: true },
      { title: 'EXIT', right: true },
      { title: 'COMMAND' },
    ],
    ships.map((ship) => {
      const uptime = uptimeMs(ship)
      return [
        colors.bold(ship.name),
        coloredStatus(ship, colors) + (ship.definitionChanged ? colors.yellow('*') : ''),
        String(ship.pid ?? '-'),
        uptime === null ? '-' : shortDuration(uptime),
        String(ship.restarts),
        exitInWords(ship),
        plain(ship.command),
      ]
    }),
    width,
  )
  const changed = ships.some(({ definitionChanged }) => definitionChanged)
  return [colors.dim(titles), ...rows, ...(changed ? ['* changed, restart to apply'] : [])]
}

import type { HelperInfo } from '../api/helper.ts'
import { shipStatuses } from '../api/ship.ts'
import type { Ship } from '../api/ship.ts'
import { tableLines } from './table.ts'
import { plain } from './terminal.ts'
import type { Colors } from './terminal.ts'
import { cutTo } from './text-width.ts'
import { coloredStatus, countsInWords, exitInWords, shortDuration, stateInWords, uptimeMs } from './words.ts'

export interface MonitorView {
  readonly helper: Pick<HelperInfo, 'version' | 'pid' | 'startedAt'>
  readonly ships: readonly Ship[]
  /** The helper is away. */
  readonly waiting: boolean
  readonly nowMs: number
}

/** What `keelan monitor` shows, at most `height` lines; ships that are in trouble come first when not all fit. */
export function monitorLines(
  view: MonitorView,
  { width, height }: { width: number; height: number },
  colors: Colors,
): string[] {
  const { helper, waiting, nowMs } = view
  const ships = [...view.ships].sort((a, b) => a.name.localeCompare(b.name))
  const counts = Object.fromEntries(
    shipStatuses.map((status) => [status, ships.filter((ship) => ship.status === status).length]),
  )
  const heading = waiting
    ? colors.yellow(cutTo('The helper is away; waiting for it. The ships go on without it.', width))
    : cutTo(
        `keelan ${helper.version}: helper ${helper.pid} up ${shortDuration(nowMs - Date.parse(helper.startedAt))}; ${countsInWords(counts)}`,
        width,
      )
  // Heading, an empty line, titles, and one line for those that are left out.
  const room = Math.max(1, height - 4)
  const shown = ships.length <= room ? ships : [...ships].sort((a, b) => urgency(a) - urgency(b)).slice(0, room)
  const left = ships.length - shown.length
  const [titles = '', ...rows] = tableLines(
    columns,
    shown.map((ship) => rowOf(ship, nowMs, colors)),
    width,
  )
  return [
    heading,
    '',
    ...(ships.length > 0 ? [colors.dim(titles)] : []),
    ...rows,
    ...(left > 0 ? [`… and ${left} more`] : []),
  ]
}

const columns = [
  { title: 'NAME' },
  { title: 'STATUS' },
  { title: 'HEALTH' },
  { title: 'PID', right: true },
  { title: 'UPTIME', right: true },
  { title: 'RESTARTS', right: true },
  { title: 'EXIT', right: true },
  { title: 'STATE' },
] as const

function rowOf(ship: Ship, nowMs: number, colors: Colors): string[] {
  const uptime = uptimeMs(ship, nowMs)
  return [
    colors.bold(ship.name),
    coloredStatus(ship, colors),
    ship.health ?? '-',
    String(ship.pid ?? '-'),
    uptime === null ? '-' : shortDuration(uptime),
    String(ship.restarts),
    exitInWords(ship),
    ship.definitionChanged ? 'changed, restart to apply' : reasonOf(ship, nowMs),
  ]
}

/** What the other columns do not say. */
const reasonOf = (ship: Ship, nowMs: number): string =>
  ship.status === 'backoff' ? stateInWords(ship, nowMs) : plain(ship.reason ?? '')

const urgency = ({ status, health }: Ship): number =>
  health === 'unhealthy' ? 0 : ['failed', 'backoff', 'stopping', 'starting', 'running', 'stopped'].indexOf(status)

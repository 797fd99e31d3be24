import type { Ship } from '../../../helper/api/ship.ts'
import type { HelperState } from '../../preload/desktop.ts'
import { standingOf, standings, type Standing } from './standing.ts'
import { helperInWords } from './tooltip.ts'

export interface TrayState {
  /** As last known, while the helper is away. */
  readonly ships: readonly Ship[]
  readonly helper: HelperState
  readonly startAtLogin: boolean
}

/** What a click in the tray asks for. Ships are named, so that a menu that is no longer up to date acts on the right one. */
export interface TrayActions {
  /** Opens the window, at a place such as `/ships/web/log` if one is given. */
  open(place?: string): void
  start(name: string): void
  stop(name: string): void
  restart(name: string): void
  startAll(): void
  stopAll(): void
  startHelper(): void
  stopHelper(): void
  setStartAtLogin(on: boolean): void
  quit(): void
  quitAndStopShips(): void
}

/** One of the actions with what it is given: `['start', 'web']`. */
export type MenuAction = { [K in keyof TrayActions]: readonly [K, ...Parameters<TrayActions[K]>] }[keyof TrayActions]

/** A line of the menu as plain data: two menus that look and act the same are deeply equal. */
export type MenuLine =
  | { readonly type: 'separator' }
  /** Greyed if it does nothing. */
  | { readonly type: 'normal'; readonly label: string; readonly does: MenuAction | null }
  | { readonly type: 'checkbox'; readonly label: string; readonly checked: boolean; readonly does: MenuAction }
  | { readonly type: 'submenu'; readonly label: string; readonly lines: readonly MenuLine[] }

const mostShips = 15

/** The whole menu for a state, with the ships in the order they are given in. Labels are plain text, nothing in them is escaped. */
export function trayMenu({ ships, helper, startAtLogin }: TrayState): readonly MenuLine[] {
  const helperRuns = helper.state === 'running'
  const any = (...wanted: Standing[]): boolean => helperRuns && ships.some((ship) => wanted.includes(standingOf(ship)))
  const canStart = any(...startable)
  const canStop = any(...stoppable)
  const groups: MenuLine[][] = [
    helper.state === 'running' ? [] : [line(helperInWords(helper), null)],
    shipLines(ships, helperRuns),
    [line('Start all', canStart && ['startAll']), line('Stop all', canStop && ['stopAll'])],
    [
      line('Open Keelan', ['open']),
      helperLine(helper),
      { type: 'checkbox', label: 'Start at login', checked: startAtLogin, does: ['setStartAtLogin', !startAtLogin] },
    ],
    [line('Quit (ships keep running)', ['quit']), line('Quit and stop all ships…', canStop && ['quitAndStopShips'])],
  ]
  return groups.filter((group) => group.length > 0).flatMap((group, at) => (at > 0 ? [separator, ...group] : group))
}

const startable: readonly Standing[] = ['failed', 'backoff', 'stopped']
const stoppable: readonly Standing[] = ['unhealthy', 'backoff', 'starting', 'running']
const restartable: readonly Standing[] = ['unhealthy', 'running']

const separator: MenuLine = { type: 'separator' }
const line = (label: string, does: MenuAction | null | false): MenuLine => ({
  type: 'normal',
  label,
  does: does || null,
})

function shipLines(ships: readonly Ship[], helperRuns: boolean): MenuLine[] {
  const lines = ships.slice(0, mostShips).map((ship) => shipLine(ship, helperRuns))
  return ships.length > mostShips ? [...lines, line(`${ships.length - mostShips} more…`, ['open', '/ships'])] : lines
}

function shipLine(ship: Ship, helperRuns: boolean): MenuLine {
  const standing = standingOf(ship)
  const { mark, words } = standings[standing]
  const { name } = ship
  const label = `${mark} ${name}: ${words}`
  if (!helperRuns) return line(label, null)
  const lines = [
    line('Start', startable.includes(standing) && ['start', name]),
    line('Stop', stoppable.includes(standing) && ['stop', name]),
    line('Restart', restartable.includes(standing) && ['restart', name]),
    line('Show log', ['open', `/ships/${name}/log`]),
  ]
  return { type: 'submenu', label, lines }
}

function helperLine({ state }: HelperState): MenuLine {
  switch (state) {
    case 'running':
      return line('Stop helper (ships keep running)', ['stopHelper'])
    case 'starting':
      return line('Start helper', null)
    case 'away':
    case 'stopped':
    case 'gave-up':
      return line('Start helper', ['startHelper'])
  }
}

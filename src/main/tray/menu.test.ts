import { expect, test } from 'vitest'
import type { HelperState } from '../../preload/desktop.ts'
import { trayMenu, type MenuAction, type MenuLine, type TrayState } from './menu.ts'
import { worstFirst, type Standing } from './standing.ts'
import { aShip, helperRuns, ships } from './test-ships.ts'

const menu = (state: Partial<TrayState> = {}): readonly MenuLine[] =>
  trayMenu({ ships: [], helper: helperRuns, startAtLogin: false, ...state })

const labels = (lines: readonly MenuLine[]): string[] =>
  lines.map((line) => (line.type === 'separator' ? '--' : line.label))

const find = (lines: readonly MenuLine[], label: string): Exclude<MenuLine, { type: 'separator' }> => {
  for (const line of lines) if (line.type !== 'separator' && line.label === label) return line
  throw new Error(`no line ${label} in ${labels(lines).join(' | ')}`)
}

/** What a click on a line does; null: it is greyed. */
const does = (lines: readonly MenuLine[], label: string): MenuAction | null => {
  const line = find(lines, label)
  if (line.type === 'submenu') throw new Error(`${label} opens a menu of its own`)
  return line.does
}

const shipMenu = (standing: Standing): readonly MenuLine[] => {
  const [line] = menu({ ships: ships(standing, 'web') })
  if (line?.type !== 'submenu') throw new Error('the ship has no menu of its own')
  return line.lines
}

test('has a line for each ship and the app’s own below', () => {
  expect(labels(menu({ ships: [...ships('failed', 'web'), ...ships('running', 'db_main')] }))).toEqual([
    '▲ web: failed',
    '● db_main: running',
    '--',
    'Start all',
    'Stop all',
    '--',
    'Open Keelan',
    'Stop helper (ships keep running)',
    'Start at login',
    '--',
    'Quit (ships keep running)',
    'Quit and stop all ships…',
  ])
})

test('says in words and by a shape how each ship stands', () => {
  const all = worstFirst.map((standing) => aShip('web', standing))
  expect(labels(menu({ ships: all })).slice(0, all.length)).toEqual([
    '▲ web: failed',
    '▲ web: unhealthy',
    '◐ web: waiting to start again',
    '◐ web: starting',
    '◐ web: stopping',
    '● web: running',
    '○ web: stopped',
  ])
})

test.each<[Standing, string[]]>([
  ['running', ['Stop', 'Restart', 'Show log']],
  ['unhealthy', ['Stop', 'Restart', 'Show log']],
  ['starting', ['Stop', 'Show log']],
  ['backoff', ['Start', 'Stop', 'Show log']],
  ['stopping', ['Show log']],
  ['stopped', ['Start', 'Show log']],
  ['failed', ['Start', 'Show log']],
])('of a ship that is %s it offers %j', (standing, offered) => {
  const lines = shipMenu(standing)
  expect(labels(lines)).toEqual(['Start', 'Stop', 'Restart', 'Show log'])
  expect(labels(lines).filter((label) => does(lines, label) !== null)).toEqual(offered)
})

test('acts on a ship by its name', () => {
  expect(does(shipMenu('running'), 'Stop')).toEqual(['stop', 'web'])
  expect(does(shipMenu('running'), 'Restart')).toEqual(['restart', 'web'])
  expect(does(shipMenu('failed'), 'Start')).toEqual(['start', 'web'])
  expect(does(shipMenu('failed'), 'Show log')).toEqual(['open', '/ships/web/log'])
})

test('shows 15 ships at most; the others are a click away, in the window', () => {
  const many = ships('running', ...Array.from({ length: 18 }, (_, at) => `ship-${at}`))
  const lines = menu({ ships: many })
  expect(lines.filter(({ type }) => type === 'submenu')).toHaveLength(15)
  expect(does(lines, '3 more…')).toEqual(['open', '/ships'])
  expect(labels(menu({ ships: many.slice(0, 15) })).join()).not.toContain('more')
})

test('starts and stops all only where there is something to start or stop', () => {
  const offers = (...standings: Standing[]) => {
    const lines = menu({ ships: standings.map((standing, at) => aShip(`ship-${at}`, standing)) })
    return ['Start all', 'Stop all', 'Quit and stop all ships…'].map((label) => does(lines, label)?.[0] ?? null)
  }
  expect(offers()).toEqual([null, null, null])
  expect(offers('running', 'running')).toEqual([null, 'stopAll', 'quitAndStopShips'])
  expect(offers('stopped', 'failed')).toEqual(['startAll', null, null])
  expect(offers('running', 'failed')).toEqual(['startAll', 'stopAll', 'quitAndStopShips'])
  expect(offers('backoff')).toEqual(['startAll', 'stopAll', 'quitAndStopShips'])
})

test('opens the window and quits, whatever the helper does', () => {
  for (const helper of [helperRuns, { state: 'away' }] as const) {
    expect(does(menu({ helper }), 'Open Keelan')).toEqual(['open'])
    expect(does(menu({ helper }), 'Quit (ships keep running)')).toEqual(['quit'])
  }
})

test('a click on "Start at login" asks for the other of the two', () => {
  expect(find(menu({ startAtLogin: false }), 'Start at login')).toMatchObject({
    type: 'checkbox',
    checked: false,
    does: ['setStartAtLogin', true],
  })
  expect(find(menu({ startAtLogin: true }), 'Start at login')).toMatchObject({
    checked: true,
    does: ['setStartAtLogin', false],
  })
})

test('stops a helper that runs', () => {
  expect(does(menu(), 'Stop helper (ships keep running)')).toEqual(['stopHelper'])
})

test.each<[HelperState, string, MenuAction | null]>([
  [{ state: 'starting' }, 'The helper is starting', null],
  [{ state: 'away' }, 'The helper is away; ships run on without it', ['startHelper']],
  [{ state: 'stopped' }, 'The helper is stopped; ships run on without it', ['startHelper']],
  [{ state: 'gave-up', message: 'no disk space' }, 'The helper does not stay up: no disk space', ['startHelper']],
])('with the helper %j it says so, greys what needs the helper, and offers to start it', (helper, words, start) => {
  const lines = menu({ helper, ships: [...ships('running', 'web'), ...ships('stopped', 'db')] })
  expect(labels(lines).slice(0, 4)).toEqual([words, '--', '● web: running', '○ db: stopped'])
  for (const label of [words, '● web: running', '○ db: stopped', 'Start all', 'Stop all', 'Quit and stop all ships…']) {
    expect(does(lines, label)).toBeNull()
  }
  expect(does(lines, 'Start helper')).toEqual(start)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { IncidentChange, NewEvent, OpenIncident, RunRecord } from '../api/records.ts'
import { defaultSettings } from '../api/settings.ts'
import { Database } from './database.ts'
import { Store } from './store.ts'

let folder: string
let file: string
let store: Store

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keelan-store-'))
  file = join(folder, 'keelan.db')
  store = await Store.open(file)
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const incident = (change: Partial<OpenIncident> = {}): OpenIncident => ({
  openedAtMs: 5_000,
  failures: 1,
  reason: 'exited with code 7',
  lastReason: 'exited with code 7',
  run: null,
  ...change,
})
const opened = (ship: string, change: Partial<OpenIncident> = {}): IncidentChange => ({
  kind: 'opened',
  ship,
  incident: incident(change),
})
const again = (ship: string, change: Partial<OpenIncident>): IncidentChange => ({
  kind: 'failed-again',
  ship,
  incident: incident(change),
})
const closed = (
  ship: string,
  outcome: (IncidentChange & { kind: 'closed' })['outcome'] = 'recovered',
  withdrawn = false,
): IncidentChange => ({ kind: 'closed', ship, closedAtMs: 9_000, outcome, withdrawn })

const write = (...incidents: IncidentChange[]): Promise<void> => store.commit({ incidents, events: [] }, () => {})

async function reopen(): Promise<void> {
  await store.close()
  store = await Store.open(file)
}

test('an incident that lasts is known after a restart, with what has failed since', async () => {
  const run = { shimId: 'shim', line: 2 }
  await write(opened('web', { run }), again('web', { failures: 2, lastReason: 'was killed' }))
  await write(opened('db'))
  await write(closed('db'))
  await reopen()
  const { incidents } = await store.load()
  expect(incidents).toEqual(new Map([['web', incident({ failures: 2, lastReason: 'was killed', run })]]))
})

test('a change that is refused leaves no incident, no notice and no event of it', async () => {
  const origin = { shimId: 'shim', line: 4 }
  const event = (type: NewEvent['type']): NewEvent => ({
    timeMs: 1,
    type,
    name: 'web',
    message: '',
    ship: null,
    origin,
  })
  const events = [event('ship.exited')]
  await store.commit({ events }, () => {})
  await expect(store.commit({ incidents: [opened('web')], events }, () => {})).rejects.toThrow(/UNIQUE/)
  expect((await store.load()).incidents.size).toBe(0)
  expect(await store.incidents({ limit: 10 })).toEqual([])
  expect(await store.notices.untold()).toEqual([])
})

test('a ship has one open incident at most: a second one is a mistake that is not written', async () => {
  await write(opened('web'))
  await expect(write(opened('web'))).rejects.toThrow(/UNIQUE/)
  expect(await store.incidents({ limit: 10 })).toHaveLength(1)
})

test('lists the newest first, by ship, by whether they last, and page by page', async () => {
  await write(opened('web'), closed('web', 'started'), opened('web'), opened('db'), closed('db', 'removed'))
  const ids = async (query: Parameters<Store['incidents']>[0]) => (await store.incidents(query)).map(({ id }) => id)
  expect(await ids({ limit: 10 })).toEqual([3, 2, 1])
  expect(await ids({ limit: 10, ship: 'web' })).toEqual([2, 1])
  expect(await ids({ limit: 10, open: true })).toEqual([2])
  expect(await ids({ limit: 10, open: false })).toEqual([3, 1])
  expect(await ids({ limit: 10, open: false, ship: 'web' })).toEqual([1])
  expect(await ids({ limit: 1, before: 3 })).toEqual([2])
  expect((await store.incidents({ limit: 1 }))[0]).toEqual({
    id: 3,
    ship: 'db',
    openedAt: '1970-01-01T00:00:05.000Z',
    closedAt: '1970-01-01T00:00:09.000Z',
    outcome: 'removed',
    failures: 1,
    reason: 'exited with code 7',
    lastReason: 'exited with code 7',
  })
})

test('what opens is to be told, and what recovers; not what the person did, nor what was none after all', async () => {
  await write(opened('web'), closed('web', 'stopped'), opened('web'), closed('web'))
  await write(opened('db'), closed('db', 'stopped', true))
  const notices = await store.notices.untold()
  expect(notices.map(({ kind, incident: of, failure }) => [kind, of?.id, of?.closed?.outcome, failure])).toEqual([
    ['failed', 1, 'stopped', null],
    ['failed', 2, 'recovered', null],
    ['recovered', 2, 'recovered', 'pending'],
  ])
})

test('knows where the output of the run that failed begins, and where that of the next one does', async () => {
  const run = (line: number, logPosition: string): RunRecord => ({
    ship: 'web',
    shimId: 'shim',
    line,
    process: null,
    startedAtMs: 1_000,
    startedBootMs: 1,
    logPosition,
    end: null,
  })
  await store.commit({ runs: [run(2, '1:0'), run(5, '1:10')], events: [] }, () => {})
  await write(opened('web', { run: { shimId: 'shim', line: 5 } }))
  expect((await store.notices.untold())[0]?.incident?.log).toEqual({ from: '1:10', to: null })
  await store.commit({ runs: [run(9, '1:33'), run(12, '1:40')], events: [] }, () => {})
  expect((await store.notices.untold())[0]?.incident?.log).toEqual({ from: '1:10', to: '1:33' })
})

test('a claim is confirmed by its holder alone, once, and then nobody is told again', async () => {
  await write(opened('web'), opened('db'))
  const claim = { message: 'm', notices: [1, 2], holder: 'app', untilMs: 77_000 }
  await store.notices.claim(claim)
  await reopen()
  expect((await store.notices.untold()).map((notice) => notice.claim)).toEqual([
    { holder: 'app', untilMs: 77_000 },
    { holder: 'app', untilMs: 77_000 },
  ])
  expect(await store.notices.confirm('m', 'other')).toBe(false)
  expect(await store.notices.confirm('m', 'app')).toBe(true)
  expect(await store.notices.confirm('m', 'app')).toBe(false)
  expect(await store.notices.untold()).toEqual([])
  // Not even what is given back or claimed too late changes that.
  await store.notices.giveBack('m')
  await store.notices.claim(claim)
  expect(await store.notices.untold()).toEqual([])
})

test('what another claims meanwhile, the first one can no longer confirm; what is given back counts as tried', async () => {
  await write(opened('web'))
  await store.notices.claim({ message: 'first', notices: [1], holder: 'app', untilMs: 1 })
  await store.notices.claim({ message: 'second', notices: [1], holder: '', untilMs: 2 })
  expect(await store.notices.confirm('first', 'app')).toBe(false)
  await store.notices.giveBack('second')
  expect(await store.notices.untold()).toMatchObject([{ attempts: 1, claim: null }])
  expect(await store.notices.confirm('second', '')).toBe(false)
})

test('a holder that is gone gives back what it had, and nothing of another', async () => {
  await write(opened('web'), opened('db'))
  await store.notices.claim({ message: 'a', notices: [1], holder: '', untilMs: 99 })
  await store.notices.claim({ message: 'b', notices: [2], holder: 'app', untilMs: 99 })
  await store.notices.giveBackAll('')
  expect((await store.notices.untold()).map(({ claim }) => claim?.holder ?? null)).toEqual([null, 'app'])
})

test('what is settled is told by nobody, and a recovery knows of it', async () => {
  await write(opened('web'), closed('web'))
  await store.notices.settle([1])
  expect(await store.notices.untold()).toMatchObject([{ id: 2, kind: 'recovered', failure: 'settled' }])
})

test('a test is a notice without an incident', async () => {
  await store.commit({ testNotice: true, events: [] }, () => {})
  expect(await store.notices.untold()).toMatchObject([{ kind: 'test', incident: null }])
})

test('incidents that ended long ago are forgotten with their notices, and those that last are kept', async () => {
  await write(opened('web'), closed('web'), opened('web'))
  await store.forgetBefore(10_000)
  expect(await store.incidents({ limit: 10 })).toMatchObject([{ id: 2, closedAt: null }])
  expect((await store.notices.untold()).map((notice) => notice.incident?.id)).toEqual([2])
})

test('settings are remembered; of damaged ones those that make sense', async () => {
  expect(await store.settings()).toEqual({})
  const settings = { ...defaultSettings, quietHours: { from: '22:00', to: '07:00' }, mutedShips: ['web'] }
  await store.commit({ settings, events: [] }, () => {})
  await reopen()
  expect(await store.settings()).toEqual(settings)
  await store.close()
  const database = await Database.open(file)
  const damaged = JSON.stringify({ ...settings, theme: 'pink', intervalSeconds: -1, more: 'of a newer version' })
  await database.read((connection) => connection.run("UPDATE settings SET value = ? WHERE key = 'settings'", damaged))
  await database.close()
  store = await Store.open(file)
  const { theme: _theme, intervalSeconds: _interval, ...rest } = settings
  expect(await store.settings()).toEqual(rest)
})

test('settings that are damaged beyond reading are as if nobody had chosen any', async () => {
  await store.commit({ settings: defaultSettings, events: [] }, () => {})
  const database = await Database.open(file)
  await database.read((connection) => connection.run("UPDATE settings SET value = '{\"theme' WHERE key = 'settings'"))
  await database.close()
  expect(await store.settings()).toEqual({})
})

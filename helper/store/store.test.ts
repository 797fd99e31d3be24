import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { KeelanEvent } from '../api/events.ts'
import type { Change, NewEvent, RunRecord, ShimRecord, ShipRecord } from '../api/records.ts'
import { definitionOf } from '../api/testing/definition.ts'
import { Database } from './database.ts'
import { migrate, migrations } from './migrations.ts'
import { Store } from './store.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelan-store-'))
  file = join(folder, 'keelan.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const ship = (name: string, change: Partial<ShipRecord> = {}): ShipRecord => ({
  definition: definitionOf({ name, env: { SECRET: 'x' } }),
  shellEnvironment: { PATH: '/bin' },
  revision: 1,
  wish: 'up',
  state: { status: 'starting' },
  lastEnd: null,
  restarts: 0,
  shimId: `shim-of-${name}`,
  ...change,
})

const shim = (name: string, change: Partial<ShimRecord> = {}): ShimRecord => ({
  id: `shim-of-${name}`,
  ship: name,
  revision: 1,
  identity: null,
  lastLine: 0,
  ended: false,
  ...change,
})

const run = (name: string, line: number, change: Partial<RunRecord> = {}): RunRecord => ({
  ship: name,
  shimId: `shim-of-${name}`,
  line,
  process: { pid: 42, startTime: '777' },
  startedAtMs: 1_000,
  startedBootMs: 10,
  logPosition: '1:0',
  end: null,
  ...change,
})

const event = (name: string, message = 'happened', origin: NewEvent['origin'] = null): NewEvent => ({
  timeMs: 5_000,
  type: 'ship.note',
  name,
  message,
  ship: null,
  origin,
})

async function commit(store: Store, change: Change): Promise<readonly KeelanEvent[]> {
  let told: readonly KeelanEvent[] = []
  await store.commit(change, (events) => (told = events))
  return told
}

test('remembers every state of a ship over a restart', async () => {
  const states: ShipRecord['state'][] = [
    { status: 'starting' },
    { status: 'running', pid: 7, startedAtMs: 1_000, startedBootMs: 3 },
    { status: 'stopping', pid: 7, startedAtMs: 1_000, startedBootMs: 3 },
    { status: 'stopping', pid: null, startedAtMs: null, startedBootMs: null },
    { status: 'backoff', nextStartAtMs: 9_000, reason: 'exited with code 7 after 3 s' },
    { status: 'stopped', reason: null },
    { status: 'failed', reason: 'no such program: x' },
  ]
  const ships = states.map((state, index) =>
    ship(`ship${index}`, { state, lastEnd: { stoppedAtMs: 500, exitCode: 7, signal: null }, restarts: index }),
  )
  const before = await Store.open(file)
  await Promise.all(ships.map((one) => commit(before, { ship: one, events: [] })))
  await before.close()
  const after = await Store.open(file)
  expect((await after.load()).ships).toEqual(ships)
  await after.close()
})

test('gives the shims and runs that have not ended, and no others', async () => {
  const store = await Store.open(file)
  const identity = { bootId: 'b', pid: 1, startTime: '2' }
  const end = {
    endedAtMs: 2_000,
    durationMs: 1_000,
    exitCode: 7,
    signal: null,
    coreDumped: false,
    reason: 'crashed',
    message: 'exited with code 7 after 1 s',
    helperAway: true,
    cpuUserMs: 1.5,
    cpuSystemMs: 0.25,
    peakMemoryBytes: 4_096,
  } as const
  await commit(store, {
    ship: ship('web'),
    shim: shim('web', { identity, lastLine: 3 }),
    runs: [run('web', 2)],
    events: [],
  })
  await commit(store, {
    ship: ship('old'),
    shim: shim('old', { ended: true }),
    runs: [run('old', 2, { end })],
    events: [],
  })
  const known = await store.load()
  expect(known.shims).toEqual([shim('web', { identity, lastLine: 3 })])
  expect(known.runs).toEqual([run('web', 2)])
  expect(await store.runs('old', { limit: 10 })).toMatchObject([
    {
      exitCode: 7,
      reason: 'crashed',
      helperAway: true,
      durationMs: 1_000,
      pid: 42,
      endedAt: '1970-01-01T00:00:02.000Z',
    },
  ])
  await store.close()
})

test('takes each journal line once: the second time nothing of the change is written', async () => {
  const store = await Store.open(file)
  const origin = { shimId: 'shim-of-web', line: 4 }
  await commit(store, { ship: ship('web'), events: [event('web', 'first', origin)] })
  const again = commit(store, { ship: ship('web', { restarts: 99 }), events: [event('web', 'again', origin)] })
  await expect(again).rejects.toThrow(/UNIQUE/)
  expect((await store.load()).ships[0]?.restarts).toBe(0)
  expect(await store.eventsAfter(0, { limit: 10 })).toHaveLength(1)
  await store.close()
})

test('numbers events in the order in which they are told, without a gap, however many come at once', async () => {
  const store = await Store.open(file)
  const told: number[] = []
  await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      store.commit({ events: [event(`ship${index}`), event(`ship${index}`)] }, (events) =>
        told.push(...events.map(({ seq }) => seq)),
      ),
    ),
  )
  expect(told).toEqual(Array.from({ length: 400 }, (_, index) => index + 1))
  expect((await store.load()).lastSeq).toBe(400)
  await store.close()
})

test('one change that cannot be written does not take those that came with it', async () => {
  const store = await Store.open(file)
  const origin = { shimId: 's', line: 1 }
  const results = await Promise.allSettled([
    commit(store, { events: [event('a', 'a', origin)] }),
    commit(store, { events: [event('b', 'b', origin)] }),
    commit(store, { events: [event('c')] }),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect((await store.eventsAfter(0, { limit: 10 })).map(({ name }) => name)).toEqual(['a', 'c'])
  await store.close()
})

test('a number is never given twice, also after everything old was forgotten and the helper restarted', async () => {
  const before = await Store.open(file)
  await commit(before, { events: [event('a'), event('a')] })
  expect(await before.forgetBefore(6_000)).toEqual({ runs: 0, events: 2 })
  expect(await before.oldestKept()).toBe(2)
  await before.close()
  const after = await Store.open(file)
  expect((await commit(after, { events: [event('a')] }))[0]?.seq).toBe(3)
  await after.close()
})

test('forgets runs that ended long ago, and keeps the one that has not ended', async () => {
  const store = await Store.open(file)
  const end = endedRun()
  await commit(store, {
    ship: ship('web'),
    shim: shim('web'),
    runs: [run('web', 2, { end }), run('web', 5)],
    events: [],
  })
  expect(await store.forgetBefore(10_000)).toMatchObject({ runs: 1 })
  expect(await store.runs('web', { limit: 10 })).toMatchObject([{ endedAt: null }])
  await store.close()
})

function endedRun() {
  return {
    endedAtMs: 2_000,
    durationMs: 1,
    exitCode: 0,
    signal: null,
    coreDumped: false,
    reason: 'completed',
    message: '',
    helperAway: false,
    cpuUserMs: null,
    cpuSystemMs: null,
    peakMemoryBytes: null,
  } as const
}

test('the stream keeps its id until it is renewed', async () => {
  const before = await Store.open(file)
  const { stream } = await before.load()
  await before.close()
  const after = await Store.open(file)
  expect((await after.load()).stream).toBe(stream)
  const renewed = await after.renewStream()
  expect(renewed).not.toBe(stream)
  expect((await after.load()).stream).toBe(renewed)
  await after.close()
})

test('a database of a newer version is refused by name and left as it was', async () => {
  const newer = await Database.open(file)
  await newer.read((connection) => connection.exec('PRAGMA user_version = 99'))
  await newer.close()
  const before = readFileSync(file)
  await expect(Store.open(file)).rejects.toMatchObject({
    code: 'DATABASE_NEWER',
    message: expect.stringContaining(file),
  })
  expect(readFileSync(file)).toEqual(before)
})

test('a file that is no database is refused by name and left as it was', async () => {
  writeFileSync(file, 'not a database, but somebody may need it'.repeat(100))
  await expect(Store.open(file)).rejects.toMatchObject({
    code: 'DATABASE_UNREADABLE',
    message: expect.stringContaining(file),
  })
  expect(readFileSync(file, 'utf8')).toContain('somebody may need it')
})

test('a row that somebody damaged is named', async () => {
  const store = await Store.open(file)
  await commit(store, { ship: ship('web'), events: [] })
  await store.close()
  const database = await Database.open(file)
  await database.read((connection) => connection.run("UPDATE ships SET definition = '{}'"))
  await database.close()
  const again = await Store.open(file)
  await expect(again.load()).rejects.toMatchObject({
    code: 'DATABASE_UNREADABLE',
    message: `the ship web in ${file} is damaged`,
  })
  await again.close()
})

test('a migration keeps a copy of what was there, and an earlier copy is not overwritten', async () => {
  const database = await Database.open(file)
  await migrate(database, file)
  await database.read((connection) => connection.run("INSERT INTO settings VALUES ('kept', 'yes')"))
  const version = migrations.length
  writeFileSync(`${file}.v${version}.backup`, 'an earlier backup')
  const { backup } = await migrate(database, file, [...migrations, 'DELETE FROM settings'])
  await database.close()
  expect(backup).toBe(`${file}.v${version}.backup.2`)
  expect(readFileSync(`${file}.v${version}.backup`, 'utf8')).toBe('an earlier backup')
  const copy = await Database.open(backup ?? '')
  expect(await copy.read((connection) => connection.get("SELECT value FROM settings WHERE key = 'kept'"))).toEqual({
    value: 'yes',
  })
  await copy.close()
})

// A database that a helper of each released schema wrote: in this one, a ship that was stopped, one that crashed and one that
// ended well.
test('a database of schema 1 is taken over as it is, with a copy of what was there', async () => {
  copyFileSync(new URL('./fixtures/schema-1.db', import.meta.url), file)
  const store = await Store.open(file)
  const { ships, shims, runs, incidents, lastSeq } = await store.load()
  const { state: _state, ...rest } = ship('any')
  expect(ships.map(({ definition, wish, lastEnd }) => [definition.name, wish, lastEnd?.exitCode])).toEqual([
    ['once', 'up', 0],
    ['web', 'down', null],
    ['worker', 'down', 7],
  ])
  expect(Object.keys(ships[1] ?? {}).sort()).toEqual([...Object.keys(rest), 'state'].sort())
  expect(ships[1]?.definition.env).toEqual({ GREETING: 'hello' })
  expect([shims, runs, incidents]).toEqual([[], [], new Map()])
  expect(await store.runs('worker', { limit: 10 })).toMatchObject([{ exitCode: 7 }, { exitCode: 7 }])
  expect(await store.eventsAfter(0, { limit: 100 })).toHaveLength(lastSeq)
  const incident = { openedAtMs: 1, failures: 1, reason: 'exited', lastReason: 'exited', run: null }
  await store.commit({ incidents: [{ kind: 'opened', ship: 'worker', incident }], events: [] }, () => {})
  expect(await store.notices.untold()).toMatchObject([{ kind: 'failed', incident: { ship: 'worker' } }])
  await store.close()
  expect(readFileSync(`${file}.v1.backup`).subarray(0, 15).toString()).toBe('SQLite format 3')
})

test('a migration that fails changes nothing', async () => {
  const database = await Database.open(file)
  await migrate(database, file)
  const broken = [...migrations, 'CREATE TABLE extra (x) STRICT; nonsense']
  await expect(migrate(database, file, broken)).rejects.toThrow()
  const tables = await database.read((connection) =>
    connection.all("SELECT name FROM sqlite_master WHERE name = 'extra'"),
  )
  expect(tables).toEqual([])
  expect(await migrate(database, file)).toMatchObject({ from: migrations.length, to: migrations.length })
  await database.close()
})

test('leaves nothing but the database behind when it is closed', async () => {
  const store = await Store.open(file)
  await commit(store, { ship: ship('web'), events: [event('web')] })
  await store.close()
  expect(readdirSync(folder)).toEqual(['keelan.db'])
})

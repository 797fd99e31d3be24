import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { Notification } from '../api/incidents.ts'
import { defaultSettings, type Settings } from '../api/settings.ts'
import { Database } from '../store/database.ts'
import { Store } from '../store/store.ts'
import { Outbox } from './outbox.ts'

/** On a true database, with a channel that says what it was told; the helper's patience of 2 s passes for real. */

let folder: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keelan-outbox-'))
  store = await Store.open(join(folder, 'keelan.db'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000, interval: 10 })

/** `fault`: why nobody can be told. */
function outboxOf({ settings = defaultSettings, fault = '' }: { settings?: Settings; fault?: string } = {}) {
  const state = { settings, fault, told: [] as Notification[], tried: 0, log: [] as string[] }
  const outbox = new Outbox({
    notices: store.notices,
    settings: () => state.settings,
    ship: () => null,
    lastLines: () => Promise.reject(new Error('the log cannot be read')),
    channel: {
      tell: async (notification) => {
        state.tried += 1
        if (state.fault !== '') throw new Error(state.fault)
        state.told.push(notification)
      },
      close: () => {},
    },
    log: (_level, text) => state.log.push(text),
  })
  onTestFinished(() => outbox.close())
  return { outbox, state }
}

const fail = (ship: string): Promise<void> => {
  const incident = { openedAtMs: Date.now(), failures: 1, reason: 'exited', lastReason: 'exited', run: null }
  return store.commit({ incidents: [{ kind: 'opened', ship, incident }], events: [] }, () => {})
}

/** As the app does it. */
async function claimed(outbox: Outbox, holder = 'app'): Promise<Notification[]> {
  let found: Notification[] = []
  await eventually(async () => (found = (await outbox.claim(holder, 5_000)).notifications).length).toBeGreaterThan(0)
  return found
}

test('what nobody claims, the helper tells by itself, once', async () => {
  const { outbox, state } = outboxOf()
  await outbox.begin()
  await fail('web')
  outbox.look()
  await eventually(() => state.told).toMatchObject([{ kind: 'failed', title: 'web failed' }])
  await eventually(() => store.notices.untold()).toEqual([])
  expect(await outbox.claim('app', 5_000)).toEqual({ notifications: [], nextInMs: null })
})

test('two that claim at the same time do not both get it', async () => {
  const { outbox } = outboxOf()
  await fail('web')
  await eventually(async () => {
    const both = await Promise.all(['a', 'b', 'c'].map((holder) => outbox.claim(holder, 5_000)))
    return both.flatMap(({ notifications }) => notifications).length
  }).toBe(1)
  expect((await outbox.claim('d', 5_000)).notifications).toEqual([])
})

test('says when it will be worth asking again: after the gathering, and when the lease of another ends', async () => {
  const { outbox } = outboxOf()
  await fail('web')
  const early = await outbox.claim('app', 5_000)
  expect(early.notifications).toEqual([])
  expect(early.nextInMs).toBeGreaterThan(0)
  expect(early.nextInMs).toBeLessThanOrEqual(200)
  await claimed(outbox)
  const { nextInMs } = await outbox.claim('another', 5_000)
  expect(nextInMs).toBeGreaterThan(3_000)
  expect(nextInMs).toBeLessThanOrEqual(5_000)
})

test('what the helper was telling when it was killed, the next one tells', async () => {
  await fail('web')
  await store.notices.claim({ message: 'm', notices: [1], holder: '', untilMs: Date.now() + 60_000 })
  const { outbox, state } = outboxOf()
  await outbox.begin()
  await eventually(() => state.told.map(({ title }) => title)).toEqual(['web failed'])
})

test('what the helper cannot tell an app is given, after a minute as missed', async () => {
  const { outbox, state } = outboxOf({ fault: 'there is no session bus' })
  await outbox.begin()
  await fail('web')
  await fail('db')
  outbox.look()
  await eventually(async () => (await store.notices.untold()).map(({ attempts }) => attempts)).toEqual([1, 1])
  expect(state.log).toEqual(['nobody could be told that web failed: Error: there is no session bus'])
  // As if a minute had passed.
  const database = await Database.open(join(folder, 'keelan.db'))
  const before = new Date(Date.now() - 61_000).toISOString()
  await database.read((connection) => connection.run('UPDATE notices SET madeAt = ?', before))
  await database.close()
  const [missed, ...more] = await claimed(outbox)
  expect(missed).toMatchObject({ kind: 'missed', title: 'While nobody could be told' })
  expect(missed?.body).toMatch(/^web failed \(exited\); .*\ndb failed \(exited\); .*$/)
  expect(more).toEqual([])
  expect(await outbox.confirm(missed?.id ?? '', 'app')).toBe(true)
  expect(await store.notices.untold()).toEqual([])
})

test('a desktop that does not answer is tried with one message, and an app is given all of them then', async () => {
  const { outbox, state } = outboxOf({ fault: 'the session bus does not answer' })
  await outbox.begin()
  for (const ship of ['a', 'b', 'c']) await fail(ship)
  outbox.look()
  await eventually(() => state.log.length).toBe(1)
  const titles: string[] = []
  await eventually(async () => {
    for (const { title } of (await outbox.claim('app', 5_000)).notifications) titles.push(title)
    return titles
  }).toEqual(['a failed', 'b failed', 'c failed'])
  expect(state.tried).toBe(1)
})

test('a hundred failures at once are looked at a few times, not a hundred', async () => {
  const { outbox, state } = outboxOf()
  await outbox.begin()
  const untold = vi.spyOn(store.notices, 'untold')
  await Promise.all(Array.from({ length: 100 }, (_, n) => fail(`ship${n}`).then(() => outbox.look())))
  await eventually(() => state.told.map(({ title }) => title)).toEqual(['100 ships failed'])
  expect(untold.mock.calls.length).toBeLessThan(20)
})

test('something new is tried at once, though what was before could not be told', async () => {
  const { outbox, state } = outboxOf({ fault: 'there is no session bus' })
  await outbox.begin()
  await fail('web')
  outbox.look()
  await eventually(() => state.tried).toBe(1)
  state.fault = ''
  await fail('db')
  outbox.look()
  await eventually(() => state.told.map(({ title }) => title)).toEqual(['web failed', 'db failed'])
})

test('what is muted is settled, and quiet hours hold back all but a test', async () => {
  const time = (inMs: number): string => new Date(Date.now() + inMs).toTimeString().slice(0, 5)
  const quietHours = { from: time(-3_600_000), to: time(3_600_000) }
  const { outbox, state } = outboxOf({ settings: { ...defaultSettings, mutedShips: ['muted'], quietHours } })
  await outbox.begin()
  await fail('muted')
  await fail('web')
  await store.commit({ testNotice: true, events: [] }, () => {})
  outbox.look()
  await eventually(() => state.told.map(({ kind }) => kind)).toEqual(['test'])
  await eventually(async () => (await store.notices.untold()).map(({ incident }) => incident?.ship)).toEqual(['web'])
  state.settings = defaultSettings
  outbox.look()
  await eventually(() => state.told.map(({ title }) => title)).toEqual(['Notifications arrive', 'web failed'])
})

test('of what piles up where nobody can ever be told, the newest thousand are kept', async () => {
  const { outbox } = outboxOf({ fault: 'there is no session bus' })
  for (let n = 0; n < 1_010; n += 1) await fail(`ship${n}`)
  await outbox.begin()
  await eventually(async () => (await store.notices.untold()).length).toBe(1_000)
  expect((await store.notices.untold())[0]?.incident?.ship).toBe('ship10')
})

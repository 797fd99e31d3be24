import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { open } from 'sqlite'
import sqlite3 from 'sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import type { Incident, Notification } from '../helper/api/incidents.ts'
import type { Settings } from '../helper/api/settings.ts'
import { BusLink } from './testing/desktop/bus-link.ts'
import { NotificationServer } from './testing/desktop/notification-server.ts'
import { startSessionBus } from './testing/session-bus.ts'
import { eventually, isThere, type Workplace, workplace } from './testing/workplace.ts'

/** Who tells the person, and what: real programs, a real bus, and a notification server that the test plays. */

interface Desk {
  readonly place: Workplace
  readonly shown: NotificationServer['shown']
  readonly notifications: NotificationServer
}

/** A workplace whose helper has a desktop to tell the person on. */
async function desk(): Promise<Desk> {
  const bus = await startSessionBus()
  onTestFinished(bus.end)
  const link = await BusLink.connect(bus.address)
  onTestFinished(() => link.close())
  const notifications = await NotificationServer.start(link)
  const place = workplace({ env: { DBUS_SESSION_BUS_ADDRESS: bus.address } })
  return { place, shown: notifications.shown, notifications }
}

const inAnHour = ['--backoff-initial', '1h', '--backoff-max', '1h', '--restart', 'on-failure']
const never = ['--restart', 'no']

/** A command line that does `work` once there is a file `go-NAME`. */
const onceTold = (place: Workplace, name: string, work: string): string[] => [
  'sh',
  '-c',
  `while [ ! -e ${join(place.folder, `go-${name}`)} ]; do sleep 0.02; done; ${work}`,
]

const tellToGo = (place: Workplace, name: string): void => writeFileSync(join(place.folder, `go-${name}`), '')

const incidentsOf = async (place: Workplace, query: { ship?: string; open?: 'true' } = {}): Promise<Incident[]> =>
  (await place.client.call('listIncidents', { query })).incidents

const change = (place: Workplace, body: Partial<Settings>): Promise<Settings> =>
  place.client.call('changeSettings', { body })

/** As the app does it: claims until there is something, and gives all of that. */
async function claimed(place: Workplace, holder = 'app', leaseMs = 5_000): Promise<Notification[]> {
  let found: Notification[] = []
  await eventually(async () => {
    if (found.length > 0) return true
    found = (await place.client.call('claimNotifications', { body: { holder, leaseMs } })).notifications
    return found.length > 0
  }).toBe(true)
  return found
}

const confirm = (place: Workplace, id: string, holder = 'app') =>
  place.client.call('confirmNotification', { params: { id }, body: { holder } })

/** Long enough for the helper to have spoken, had it anything to say: it waits 2 s for an app. */
async function nothingMoreIsShown({ place, shown }: Desk): Promise<void> {
  const before = shown.length
  // The last thing that is told in order: whatever was due before it has been told by then.
  await place.client.call('testNotification')
  await eventually(() => shown.at(-1)?.summary).toBe('Notifications arrive')
  expect(shown.length).toBe(before + 1)
}

test('a program that exits with 7 while no app runs is told of once, with the reason and its last lines as plain text', async () => {
  const own = await desk()
  const { place, shown } = own
  const says = String.raw`printf 'one\ntwo\n\033[31mred\033[0m <b>&amp; "x" & y\nlast\ttry\n'; exit 7`
  await place.ok('deploy', 'web', ...inAnHour, '--', 'sh', '-c', says)
  await eventually(() => shown.length).toBe(1)
  const [first] = shown
  expect(first).toMatchObject({ app: 'Keelan', summary: 'web failed', icon: 'keelan', timeoutMs: -1 })
  expect(first?.hints).toMatchObject({ 'desktop-entry': 'keelan', urgency: 2 })
  const lines = first?.body.split('\n') ?? []
  // The first restart comes at once, and may be over before the person is told.
  expect(lines[0]).toMatch(/^exited with code 7 after \d+ ms.*; starts again in (1 h|59 min.*)$/)
  expect(lines.slice(1)).toEqual(['two', 'red &lt;b&gt;&amp;amp; "x" &amp; y', 'last try'])
  await nothingMoreIsShown(own)
  expect(await incidentsOf(place)).toMatchObject([
    { ship: 'web', closedAt: null, outcome: null, failures: 2, reason: expect.stringMatching(/^exited with code 7/) },
  ])
})

test('the lines told are those of the run that failed, not of the one after it', async () => {
  const { place, notifications } = await desk()
  await place.ok('deploy', 'web', '--', 'sh', '-c', 'echo hello from $$; exec sleep 1000')
  const { pid } = await place.ship('web')
  process.kill(pid ?? 0, 'SIGKILL')
  await place.untilLog('web', /(hello from \d+\s+){2}/)
  const one = await notifications.until(({ summary }) => summary === 'web failed')
  expect(one.body).toMatch(
    new RegExp(`^was killed by SIGKILL after .*; it was started again\nhello from ${String(pid)}$`),
  )
})

test('a crash loop is one incident and one notification, and what gave up says so', async () => {
  const own = await desk()
  const { place, notifications } = own
  const atOnce = ['--backoff-initial', '1ms', '--backoff-max', '1ms', '--max-restarts', '5']
  await place.keelan(['deploy', 'loop', ...atOnce, '--', 'sh', '-c', 'exit 3'])
  const { body } = await notifications.until(({ summary }) => summary === 'loop failed')
  expect(body).toMatch(/^exited with code 3 after \d+ ms, and 5 times more; gave up: ended 6 times within /)
  await nothingMoreIsShown(own)
  expect(await incidentsOf(place)).toMatchObject([
    { failures: 6, closedAt: null, lastReason: expect.stringMatching('gave up') },
  ])
})

test('what the person asked for is told by nobody: stop, restart, remove, a clean end, a start that fails before their eyes', async () => {
  const own = await desk()
  const { place } = own
  for (const name of ['stopped', 'restarted', 'removed'])
    await place.ok('deploy', name, '--', 'sh', '-c', 'trap "exit 9" TERM; while :; do sleep 0.02; done')
  await place.ok('stop', 'stopped')
  await place.ok('restart', 'restarted')
  await place.ok('remove', 'removed')
  await place.ok('deploy', 'clean', '--restart', 'on-failure', '--', 'true')
  await place.until('clean', 'stopped')
  expect(await place.keelan(['deploy', 'missing', '--', '/no/such/program'])).toMatchObject({ code: 1 })
  expect(await place.keelan(['start', 'missing'])).toMatchObject({ code: 1 })
  expect(await place.keelan(['restart', 'missing'])).toMatchObject({ code: 1 })
  await nothingMoreIsShown(own)
  expect(await incidentsOf(place)).toEqual([])
})

test('a ship that runs again for long enough has recovered, which is told as well', async () => {
  const own = await desk()
  const { place, notifications, shown } = own
  const soon = ['--backoff-reset-after', '4s']
  await place.ok('deploy', 'web', ...soon, '--', 'sleep', '1000')
  process.kill((await place.ship('web')).pid ?? 0, 'SIGKILL')
  await notifications.until(({ summary }) => summary === 'web failed')
  const { body, hints } = await notifications.until(({ summary }) => summary === 'web is running again')
  expect(body).toMatch(/^after 1 restart, [45] s$/)
  expect(hints).toMatchObject({ urgency: 1 })
  expect(shown).toHaveLength(2)
  expect(await incidentsOf(place)).toMatchObject([{ outcome: 'recovered', failures: 1 }])
})

test('what recovers before anybody was told is told in one', async () => {
  const { place, shown } = await desk()
  await place.ok('deploy', 'web', '--backoff-reset-after', '500ms', '--', 'sleep', '1000')
  process.kill((await place.ship('web')).pid ?? 0, 'SIGKILL')
  await eventually(() => shown.length).toBe(1)
  expect(shown[0]).toMatchObject({ summary: 'web failed and is running again' })
  expect(shown[0]?.body).toMatch(/^was killed by SIGKILL after .*; after 1 restart, /)
})

test('a helper that is killed meanwhile forgets no recovery, and a crash it did not see is told of', async () => {
  const { place, notifications } = await desk()
  await place.ok('deploy', 'web', '--backoff-reset-after', '6s', '--', 'sleep', '1000')
  process.kill((await place.ship('web')).pid ?? 0, 'SIGKILL')
  await notifications.until(({ summary }) => summary === 'web failed')
  // Killed right before that, it would tell it again.
  await eventually(() => place.helperLog()).toContain('told the person: web failed')
  await place.killHelper()
  await place.ok('deploy', 'other', ...inAnHour, '--', ...onceTold(place, 'other', 'exit 7'))
  await place.killHelper()
  const { length } = place.processesOf('other')
  tellToGo(place, 'other')
  await eventually(() => place.processesOf('other').length).toBeLessThan(length)
  await place.ok('daemon', 'start')
  await notifications.until(({ summary }) => summary === 'other failed')
  await notifications.until(({ summary }) => summary === 'web is running again')
})

test('what is claimed and confirmed, the helper does not tell; with another holder, or twice, nothing is confirmed', async () => {
  const own = await desk()
  const { place, shown } = own
  await place.keelan(['deploy', 'web', ...never, '--', 'sh', '-c', 'echo why; exit 7'])
  const [notification] = await claimed(place, 'app', 60_000)
  expect(notification).toMatchObject({ kind: 'failed', title: 'web failed', ship: 'web' })
  expect(notification?.body).toMatch(/^exited with code 7 after \d+ ms; it is not started again\nwhy$/)
  const id = notification?.id ?? ''
  expect(await confirm(place, id, 'another')).toEqual({ confirmed: false })
  expect(await confirm(place, 'nosuch')).toEqual({ confirmed: false })
  expect(await confirm(place, id)).toEqual({ confirmed: true })
  expect(await confirm(place, id)).toEqual({ confirmed: false })
  await nothingMoreIsShown(own)
  expect(shown).toHaveLength(1)
})

test('what is claimed and not confirmed, the helper tells once the lease is over', async () => {
  const own = await desk()
  const { place, shown } = own
  await place.keelan(['deploy', 'web', ...never, '--', 'sh', '-c', 'exit 7'])
  const [notification] = await claimed(place, 'app', 500)
  const claimedAtMs = Date.now()
  await eventually(() => shown.length).toBe(1)
  // The lease and the 2 s after it.
  expect(Date.now() - claimedAtMs).toBeGreaterThan(2_300)
  expect(shown[0]?.summary).toBe('web failed')
  expect(await confirm(place, notification?.id ?? '')).toEqual({ confirmed: false })
  await nothingMoreIsShown(own)
})

test('a helper that is killed before anybody was told tells it after its next start', async () => {
  const own = await desk()
  const { place, shown } = own
  await place.keelan(['deploy', 'web', ...never, '--', 'sh', '-c', 'exit 7'])
  await eventually(async () => (await incidentsOf(place)).length).toBe(1)
  await place.killHelper()
  expect(shown).toEqual([])
  await place.ok('daemon', 'start')
  await eventually(() => shown.map(({ summary }) => summary)).toEqual(['web failed'])
  await nothingMoreIsShown(own)
})

test('six ships that fail at once are one summary', async () => {
  const own = await desk()
  const { place, shown } = own
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  for (const name of names) await place.ok('deploy', name, ...never, '--', 'sleep', '1000')
  const pids = await Promise.all(names.map(async (name) => (await place.ship(name)).pid ?? 0))
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  await eventually(() => shown.length).toBe(1)
  expect(shown[0]?.summary).toBe('6 ships failed')
  const lines = shown[0]?.body.split('\n') ?? []
  expect(lines.map((line) => line.slice(0, 32)).toSorted()).toEqual(
    names.map((name) => `${name} failed (was killed by SIGKILL `),
  )
  await nothingMoreIsShown(own)
})

test('in quiet hours nothing is told; as soon as they are switched off, all of it is', async () => {
  const own = await desk()
  const { place, shown } = own
  await place.ok('daemon', 'start')
  await change(place, { quietHours: around(new Date()) })
  for (const name of ['one', 'two']) await place.keelan(['deploy', name, ...never, '--', 'sh', '-c', 'exit 7'])
  await eventually(async () => (await incidentsOf(place)).length).toBe(2)
  const reply = await place.client.call('claimNotifications', { body: { holder: 'app', leaseMs: 500 } })
  expect(reply.notifications).toEqual([])
  expect(reply.nextInMs).toBeGreaterThan(3_600_000)
  await nothingMoreIsShown(own)
  await change(place, { quietHours: null })
  // One by one or in one, by how long ago it was.
  const words = (): string => JSON.stringify(shown.slice(1))
  await eventually(words).toMatch(/one failed.*two failed|two failed.*one failed/)
})

/** Quiet hours from an hour ago until two hours from now. */
function around(now: Date): { from: string; to: string } {
  const time = (hours: number): string => {
    const moment = new Date(now.getTime() + hours * 3_600_000)
    return `${String(moment.getHours()).padStart(2, '0')}:${String(moment.getMinutes()).padStart(2, '0')}`
  }
  return { from: time(-1), to: time(2) }
}

test('a muted ship and switched-off notifications are told by nobody, and not made up for later', async () => {
  const own = await desk()
  const { place } = own
  await place.ok('daemon', 'start')
  await change(place, { mutedShips: ['muted', 'gone'] })
  await place.keelan(['deploy', 'muted', ...never, '--', 'sh', '-c', 'exit 7'])
  await eventually(async () => (await incidentsOf(place)).length).toBe(1)
  await change(place, { notifications: false })
  await place.keelan(['deploy', 'off', ...never, '--', 'sh', '-c', 'exit 7'])
  await eventually(async () => (await incidentsOf(place)).length).toBe(2)
  await change(place, { notifications: true, mutedShips: [] })
  await nothingMoreIsShown(own)
})

test('without a desktop it waits for an app, and is told as missed if that took long', async () => {
  const place = workplace()
  await place.keelan(['deploy', 'web', ...never, '--', 'sh', '-c', 'exit 7'])
  await eventually(() => place.helperLog()).toContain('nobody could be told that web failed: Error: there is no')
  expect(await claimed(place, 'app', 500)).toMatchObject([{ kind: 'failed', title: 'web failed' }])
  await place.killHelper()
  const connection = await open({ filename: place.paths.database, driver: sqlite3.Database })
  await connection.run('UPDATE notices SET madeAt = ?', new Date(Date.now() - 61_000).toISOString())
  await connection.close()
  await place.ok('daemon', 'start')
  const [missed, ...more] = await claimed(place)
  expect(missed).toMatchObject({ kind: 'missed', title: 'While nobody could be told', ship: 'web' })
  expect(missed?.body).toMatch(/^web failed \(exited with code 7 after \d+ ms\); it is not started again$/)
  expect(more).toEqual([])
})

test('a desktop that comes later is told what failed before', async () => {
  const bus = await startSessionBus()
  onTestFinished(bus.end)
  const place = workplace({ env: { DBUS_SESSION_BUS_ADDRESS: bus.address } })
  await place.keelan(['deploy', 'web', ...never, '--', 'sh', '-c', 'exit 7'])
  await eventually(() => place.helperLog()).toContain('nobody could be told that web failed')
  const link = await BusLink.connect(bus.address)
  onTestFinished(() => link.close())
  const notifications = await NotificationServer.start(link)
  await notifications.until(({ summary }) => summary === 'web failed')
})

test('a click starts the app at the log of the ship; without an app there is nothing to click', async () => {
  const { place, notifications } = await desk()
  await place.keelan(['deploy', 'first', ...never, '--', 'sh', '-c', 'exit 7'])
  expect(await notifications.until(({ summary }) => summary === 'first failed')).toMatchObject({ actions: [] })
  const started = join(place.folder, 'started')
  const app = place.write(
    'app',
    `#!/bin/sh\necho "$@ $SOMETHING" > ${started}.new; mv ${started}.new ${started}\n`,
    0o755,
  )
  const command = { command: [app, 'main.js'], env: { SOMETHING: 'of the desktop' } }
  writeFileSync(place.paths.desktopApp, JSON.stringify(command))
  await place.keelan(['deploy', 'second', ...never, '--', 'sh', '-c', 'exit 7'])
  const { id, actions } = await notifications.until(({ summary }) => summary === 'second failed')
  expect(actions).toEqual(['default', 'Show'])
  notifications.click(id)
  await eventually(() => existsSync(started)).toBe(true)
  expect(readFileSync(started, 'utf8')).toBe('main.js --go /ships/second/log of the desktop\n')
  // A click on something else on the same bus is not one on this.
  rmSync(started)
  notifications.click(id + 100)
  notifications.click(id)
  await place.keelan(['deploy', 'third', ...never, '--', 'sh', '-c', 'exit 7'])
  await notifications.until(({ summary }) => summary === 'third failed')
  expect(existsSync(started)).toBe(false)
})

test('settings and incidents are there after a restart of the helper, and the sweeps follow the interval', async () => {
  const place = workplace()
  await place.ok('daemon', 'start', '--interval', '7')
  expect(await place.client.call('getHelper')).toMatchObject({ intervalSeconds: 7 })
  expect(await place.client.call('getSettings')).toMatchObject({ intervalSeconds: 30, theme: 'system' })
  await change(place, { intervalSeconds: 3, theme: 'dark', mutedShips: ['web'] })
  expect(await place.client.call('getHelper')).toMatchObject({ intervalSeconds: 3 })
  await place.keelan(['deploy', 'web', ...never, '--', 'sh', '-c', 'exit 7'])
  await eventually(async () => (await incidentsOf(place)).length).toBe(1)
  const before = await incidentsOf(place)
  const pid = place.helperPid()
  await place.killHelper()
  expect(isThere(pid)).toBe(false)
  await place.ok('daemon', 'start')
  expect(await place.client.call('getHelper')).toMatchObject({ intervalSeconds: 3 })
  expect(await place.client.call('getSettings')).toMatchObject({
    intervalSeconds: 3,
    theme: 'dark',
    mutedShips: ['web'],
  })
  expect(await incidentsOf(place, { open: 'true' })).toEqual(before)
  await place.ok('stop', 'web')
  expect(await incidentsOf(place, { ship: 'web' })).toMatchObject([{ outcome: 'stopped' }])
})

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { KeelanEvent } from '../helper/api/events.ts'
import { bystander, isThere, type Workplace, workplace } from './testing/workplace.ts'

/** Prints a numbered line every few ms, for ever. */
const counter = ['sh', '-c', 'n=0; while :; do n=$((n+1)); echo "line $n"; sleep 0.02; done']

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `ship${index}`)

const startsOf = (place: Workplace, name: string): string[] =>
  readdirSync(join(place.paths.shipRuns, name))
    .filter((entry) => entry !== 'lock')
    .flatMap((id) => readFileSync(join(place.paths.shipRuns, name, id, 'journal'), 'latin1').split('\n'))
    .filter((line) => line.includes(' start '))

test('20 ships that run and print keep their pids and lose no line when the helper is killed', async () => {
  const place = workplace()
  for (const name of names(20)) await place.ok('deploy', name, '--', ...counter)
  const before = await Promise.all(names(20).map(place.ship))
  await place.killHelper()
  const linesAtDeath = place.logOf('ship19').split('\n').length
  await expect.poll(() => place.logOf('ship19').split('\n').length).toBeGreaterThan(linesAtDeath + 10)
  await place.ok('daemon', 'start')
  const after = await Promise.all(names(20).map(place.ship))
  expect(after.map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid))
  for (const name of names(20)) {
    const lines = place.logOf(name).trimEnd().split('\n')
    expect(lines).toEqual(lines.map((_, index) => `line ${index + 1}`))
    expect(startsOf(place, name)).toHaveLength(1)
  }
})

test('what ends while the helper is dead has its true code afterwards, in the history too', async () => {
  const place = workplace()
  const go = join(place.folder, 'go')
  const waitThen = (end: string): string => `while [ ! -e ${go} ]; do sleep 0.02; done; ${end}`
  const ends = { seven: 'exit 7', zero: 'exit 0', killed: 'kill -9 $$', fault: 'kill -SEGV $$' }
  for (const [name, end] of Object.entries(ends)) await place.ok('deploy', name, '--restart', 'no', '--', waitThen(end))
  const pids = await Promise.all(Object.keys(ends).map(async (name) => (await place.ship(name)).pid ?? 0))
  await place.killHelper()
  writeFileSync(go, '')
  await expect.poll(() => pids.some(isThere)).toBe(false)
  await place.ok('daemon', 'start')
  expect(await place.until('seven', 'failed')).toMatchObject({ exitCode: 7, signal: null })
  expect(await place.until('zero', 'stopped')).toMatchObject({ exitCode: 0, signal: null })
  expect(await place.until('killed', 'failed')).toMatchObject({ exitCode: null, signal: 'SIGKILL' })
  expect(await place.until('fault', 'failed')).toMatchObject({ exitCode: null, signal: 'SIGSEGV' })
  const { runs } = await place.client.call('listRuns', { params: { name: 'seven' } })
  expect(runs).toMatchObject([{ exitCode: 7, reason: 'crashed', helperAway: true }])
  expect(await place.ok('history', 'seven')).toContain('7')
})

test('a ship that crashes while the helper is dead comes back by itself, with every run in the history', async () => {
  const place = workplace()
  const backoff = ['--backoff-initial', '10ms', '--backoff-max', '10ms', '--max-restarts', 'unlimited']
  await place.ok('deploy', 'web', ...backoff, '--', 'sh', '-c', 'echo up $$; exec sleep 1000')
  const first = (await place.ship('web')).pid ?? 0
  await place.killHelper()
  process.kill(first, 'SIGKILL')
  await place.untilLog('web', /(up \d+\s+){2}/)
  const second = Number(/up (\d+)\s*$/.exec(place.logOf('web'))?.[1])
  process.kill(second, 'SIGTERM')
  await place.untilLog('web', /(up \d+\s+){3}/)
  await place.ok('daemon', 'start')
  expect(await place.until('web', 'running')).toMatchObject({ restarts: 2 })
  const { runs } = await place.client.call('listRuns', { params: { name: 'web' } })
  expect(runs.map(({ signal, reason }) => [signal, reason])).toEqual([
    [null, null],
    ['SIGTERM', 'killed'],
    ['SIGKILL', 'killed'],
  ])
})

test('events go on where they were: every number once, and what was missed is told', async () => {
  const place = workplace()
  await place.ok('deploy', 'web', '--max-restarts', 'unlimited', '--', 'sh', '-c', 'echo $$; exec sleep 1000')
  const { seq, stream } = await place.client.call('listShips')
  await place.killHelper()
  process.kill(Number(place.logOf('web')), 'SIGKILL')
  await place.untilLog('web', /\d+\n\d+\n/)
  await place.ok('daemon', 'start')
  await place.until('web', 'running')
  const missed: KeelanEvent[] = []
  for await (const line of place.client.events({ after: seq, stream, follow: false }))
    if (line.type === 'event') missed.push(line.event)
  expect(missed.map((event) => event.seq)).toEqual(missed.map((_, index) => seq + 1 + index))
  expect(missed.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^web was killed by SIGKILL after/))
})

test.each(['before-spawn', 'after-spawn'])('killed %s, the next helper starts the ship, once', async (failpoint) => {
  const place = workplace()
  await place.ok('daemon', 'start')
  await place.ok('deploy', 'web', '--no-start', '--', ...counter)
  await place.ok('daemon', 'stop')
  await place.keelan(['daemon', 'start'], { env: { KEELAN_FAILPOINT: `${failpoint}:web` } })
  const pid = place.helperPid()
  expect(await place.keelan(['start', 'web'])).toMatchObject({ code: 1 })
  await expect.poll(() => isThere(pid)).toBe(false)
  await place.ok('daemon', 'start')
  await place.until('web', 'running')
  await place.untilLog('web', /line 3/)
  expect(startsOf(place, 'web')).toHaveLength(1)
})

test('killed before a start is committed, nothing was started and nothing is left over', async () => {
  const place = workplace()
  await place.keelan(['daemon', 'start'], { env: { KEELAN_FAILPOINT: 'before-commit:web' } })
  expect(await place.keelan(['deploy', 'web', '--', ...counter])).toMatchObject({ code: 1 })
  await place.ok('daemon', 'start')
  expect(await place.ship('web')).toMatchObject({ status: 'stopped' })
  await place.ok('start', 'web')
  expect(startsOf(place, 'web')).toHaveLength(1)
})

test.each(['before-wish-down', 'after-wish-down'])(
  'killed %s, the next helper carries the stop out',
  async (failpoint) => {
    const place = workplace()
    await place.keelan(['daemon', 'start'], { env: { KEELAN_FAILPOINT: `${failpoint}:web` } })
    await place.ok('deploy', 'web', '--', ...counter)
    const { pid } = await place.ship('web')
    expect(await place.keelan(['stop', 'web'])).toMatchObject({ code: 1 })
    await place.ok('daemon', 'start')
    await place.until('web', 'stopped')
    expect(isThere(pid ?? 0)).toBe(false)
  },
)

test.each(['before-wish-down', 'after-wish-down'])(
  'killed %s of a restart, the ship runs again afterwards',
  async (failpoint) => {
    const place = workplace()
    await place.keelan(['daemon', 'start'], { env: { KEELAN_FAILPOINT: `${failpoint}:web` } })
    await place.ok('deploy', 'web', '--', 'sh', '-c', 'echo $$; exec sleep 1000')
    const { pid } = await place.ship('web')
    expect(await place.keelan(['restart', 'web'])).toMatchObject({ code: 1 })
    await place.ok('daemon', 'start')
    await place.untilLog('web', /^\d+\n\d+\n$/)
    expect((await place.until('web', 'running')).pid).not.toBe(pid)
    expect(isThere(pid ?? 0)).toBe(false)
  },
)

test('killed while it takes an exit, the exit is taken once by the next', async () => {
  const place = workplace()
  await place.ok('daemon', 'start')
  await place.ok('deploy', 'web', '--restart', 'no', '--', 'sh', '-c', 'sleep 0.2; exit 9')
  await place.killHelper()
  await place.keelan(['daemon', 'start'], { env: { KEELAN_FAILPOINT: 'before-take:web' } })
  await place.ok('daemon', 'start')
  expect(await place.until('web', 'failed')).toMatchObject({ exitCode: 9 })
  expect((await place.client.call('listRuns', { params: { name: 'web' } })).runs).toHaveLength(1)
})

test('a ship whose shim was killed lives on, is watched, and has an unknown code rather than an invented one', async () => {
  const place = workplace()
  await place.ok('deploy', 'web', '--restart', 'no', '--', ...counter)
  const { pid } = await place.ship('web')
  process.kill(shimPid(place, 'web'), 'SIGKILL')
  await place.ok('daemon', 'restart')
  expect(await place.ship('web')).toMatchObject({ status: 'running', pid })
  process.kill(pid ?? 0, 'SIGTERM')
  expect(await place.until('web', 'failed')).toMatchObject({ exitCode: null, signal: null })
  const { runs } = await place.client.call('listRuns', { params: { name: 'web' } })
  expect(runs).toMatchObject([{ reason: 'unknown', exitCode: null, signal: null }])
})

test('a ship whose shim was killed gets a new one when it ends, by its own policy', async () => {
  const place = workplace()
  await place.ok('deploy', 'web', '--', ...counter)
  const { pid } = await place.ship('web')
  process.kill(shimPid(place, 'web'), 'SIGKILL')
  await expect.poll(async () => await place.ok('events', '-n', '5')).toContain('has lost its shim')
  process.kill(pid ?? 0, 'SIGKILL')
  await expect.poll(async () => (await place.ship('web')).pid).not.toBe(pid)
  expect(await place.until('web', 'running')).toMatchObject({ restarts: 1 })
  await place.ok('stop', 'web')
})

test('a shim that was stopped with SIGSTOP does not hide the death of its ship: the sweep sets it going again', async () => {
  const place = workplace()
  await place.ok('daemon', 'start', '--interval', '1')
  await place.ok('deploy', 'web', '--', ...counter)
  const { pid } = await place.ship('web')
  process.kill(shimPid(place, 'web'), 'SIGSTOP')
  process.kill(pid ?? 0, 'SIGKILL')
  await expect.poll(async () => (await place.ship('web')).restarts, { timeout: 20_000 }).toBe(1)
  await place.until('web', 'running')
})

test('a ship whose shim was killed is stopped as a whole all the same', async () => {
  const place = workplace()
  const tree = 'setsid sleep 1000 & echo $!; trap "" TERM; sleep 1000 & echo $!; while :; do sleep 1; done'
  await place.ok('deploy', 'web', '--stop-timeout', '300ms', '--', tree)
  const pids = (await place.untilLog('web', /\d+\n\d+\n/)).trim().split('\n').map(Number)
  const { pid } = await place.ship('web')
  process.kill(shimPid(place, 'web'), 'SIGKILL')
  await place.ok('stop', 'web')
  expect([pid ?? 0, ...pids].filter(isThere)).toEqual([])
})

test('a pid that belongs to another process by now is neither taken for the ship nor signalled', async () => {
  const place = workplace()
  await place.ok('deploy', 'web', '--restart', 'no', '--', ...counter)
  const { pid } = await place.ship('web')
  await place.killHelper()
  process.kill(shimPid(place, 'web'), 'SIGKILL')
  process.kill(pid ?? 0, 'SIGKILL')
  const other = bystander()
  const journal = journalPath(place, 'web')
  // The same pids as a stranger has now, with the start times of those that died: pids were reused.
  const planted = readFileSync(journal, 'latin1')
    .replace(/( shim 1 \S+) \d+ /, `$1 ${other.pid} `)
    .replace(/ start \d+ /, ` start ${other.pid} `)
  writeFileSync(journal, planted)
  rmSync(place.paths.database)
  await place.ok('daemon', 'start')
  await place.until('web', 'failed')
  await place.ok('stop', 'web')
  expect(isThere(other.pid)).toBe(true)
})

test('a pid and start time of another boot mean nothing', async () => {
  const place = workplace()
  await place.ok('deploy', 'web', '--no-autostart', '--', ...counter)
  const { pid } = await place.ship('web')
  await place.killHelper()
  process.kill(shimPid(place, 'web'), 'SIGKILL')
  process.kill(pid ?? 0, 'SIGKILL')
  const other = bystander()
  const journal = journalPath(place, 'web')
  const planted = readFileSync(journal, 'latin1')
    .replace(/ shim 1 \S+ \d+ \d+ /, ` shim 1 00000000-0000-0000-0000-000000000000 ${other.pid} ${other.startTime} `)
    .replace(/ start \d+ \d+ /, ` start ${other.pid} ${other.startTime} `)
  writeFileSync(journal, planted)
  rmSync(place.paths.database)
  await place.ok('daemon', 'start')
  expect(await place.until('web', 'stopped')).toMatchObject({ reason: 'the machine was restarted', exitCode: null })
  expect(isThere(other.pid)).toBe(true)
})

test('ships that run are found again when the database is gone', async () => {
  const place = workplace()
  await place.ok('deploy', 'web', '--env', 'A=1', '--', ...counter)
  const { pid } = await place.ship('web')
  await place.killHelper()
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${place.paths.database}${suffix}`, { force: true })
  await place.ok('daemon', 'start')
  expect(await place.until('web', 'running')).toMatchObject({ pid })
  expect(await place.ok('show', 'web', '--env')).toContain('A')
  await place.ok('stop', 'web')
  expect(isThere(pid ?? 0)).toBe(false)
})

function journalPath(place: Workplace, name: string): string {
  const folder = join(place.paths.shipRuns, name)
  const id = readdirSync(folder).find((entry) => entry !== 'lock')
  return join(folder, id ?? '', 'journal')
}

function shimPid(place: Workplace, name: string): number {
  return Number(/ shim 1 \S+ (\d+) /.exec(readFileSync(journalPath(place, name), 'latin1'))?.[1])
}

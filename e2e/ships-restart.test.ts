import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Ship } from '../helper/api/ship.ts'
import { isRoot } from './testing/users.ts'
import { eventually, isThere, sharedWorkplace } from './testing/workplace.ts'

/** What follows when a ship ends, or cannot begin. Every test has ships of its own in one workplace. */
const place = sharedWorkplace()

const atOnce = ['--backoff-initial', '1ms', '--backoff-max', '1ms']
const inAnHour = ['--backoff-initial', '1h', '--backoff-max', '1h']

/** A command line that ends with `end` the first time, and stays the second. */
const endsOnce = (name: string, end: string): string =>
  `if rm ${place.write(name, '')}; then ${end}; fi; exec sleep 1000`

const failedEvents = async (name: string): Promise<string[]> =>
  (await place.ok('events', '--ship', name, '-n', '1000', '--json'))
    .trim()
    .split('\n')
    .filter((line) => (JSON.parse(line) as { type: string }).type === 'ship.failed')

test.each([
  ['there is no such program', [], ['nosuchprogram', '1'], 'no such program: nosuchprogram'],
  ['a path leads nowhere', [], ['/nowhere/program'], 'no such program: /nowhere/program'],
  ['the program is not executable', [], ['./plain'], './plain is not executable'],
  ['the program is a folder', [], ['./folder'], './folder is not executable'],
  ['the program is a script without #!', [], ['./script'], './script is not a program'],
  ['the folder is missing', ['--cwd', '/nowhere'], ['true'], 'cannot enter its folder /nowhere: no such file'],
  ...(isRoot
    ? [['there is no such user', ['--user', 'nosuchuser'], ['true'], 'no such user: nosuchuser'] as const]
    : []),
] as const)(
  'when %s, it has failed at once with that reason and is not tried again',
  async (when, options, command, reason) => {
    const name = when.replace(/\W+/g, '-')
    place.write('plain', '#!/bin/sh\n')
    place.write('script', 'exit 0\n', 0o755)
    mkdirSync(join(place.folder, 'folder'), { recursive: true })
    const deployed = await place.keelan(['deploy', name, ...atOnce, ...options, '--', ...command])
    expect(deployed).toMatchObject({ code: 1, stdout: '' })
    expect(deployed.stderr.trim().split('\n').at(-1)).toContain(`${name}: failed: ${reason}`)
    const ship = await place.ship(name)
    expect(ship).toMatchObject({ status: 'failed', restarts: 0, pid: null })
    expect(ship.reason).toContain(reason)
    // Nobody is left who could try it again.
    await eventually(() => place.shimsOf(name)).toEqual([])
    expect(await failedEvents(name)).toHaveLength(1)
    const again = await place.keelan(['start', name])
    expect(again).toMatchObject({ code: 1, stdout: '' })
    expect(again.stderr).toContain(reason)
  },
)

test('a program that is there by the time somebody starts it again runs', async () => {
  const missing = await place.keelan(['deploy', 'late', '--', './late-program'])
  expect(missing).toMatchObject({ code: 1 })
  place.write('late-program', '#!/bin/sh\nexec sleep 1000\n', 0o755)
  await place.ok('start', 'late')
  expect(await place.ship('late')).toMatchObject({ status: 'running' })
})

test.each([
  ['always', 'exit 0', true],
  ['always', 'exit 1', true],
  ['on-failure', 'exit 0', false],
  ['on-failure', 'exit 1', true],
  ['on-failure', 'kill -HUP $$', true],
  ['no', 'exit 1', false],
  ['no', 'kill -KILL $$', false],
])('restart: %s, after `%s` it is started again: %s', async (policy, end, restarted) => {
  const name = `policy-${policy}-${end.replace(/\W+/g, '')}`.toLowerCase()
  await place.keelan(['deploy', name, '--restart', policy, '--', endsOnce(name, end)])
  if (restarted) {
    await eventually(() => place.ship(name)).toMatchObject({ status: 'running', restarts: 1 })
    return
  }
  await eventually(() => place.ship(name)).toMatchObject({
    status: end === 'exit 0' ? 'stopped' : 'failed',
    restarts: 0,
  })
  await eventually(() => place.shimsOf(name)).toEqual([])
  expect(await place.runs(name)).toHaveLength(1)
})

test('a ship in a crash loop is given up, once, with the reason; a start counts afresh', async () => {
  await place.keelan(['deploy', 'loop', ...atOnce, '--max-restarts', '3', '--', 'echo run; exit 7'])
  const reason = /^gave up: ended 4 times within 5 min; the last one exited with code 7 after /
  const ship = await place.until('loop', 'failed')
  expect(ship).toMatchObject({ restarts: 3, exitCode: 7 })
  expect(ship.reason).toMatch(reason)
  expect(place.logOf('loop')).toBe('run\n'.repeat(4))
  expect((await place.runs('loop')).map(({ exitCode }) => exitCode)).toEqual([7, 7, 7, 7])
  expect(await failedEvents('loop')).toHaveLength(1)
  await place.keelan(['start', 'loop'])
  await place.untilLog('loop', /^(run\n){8}$/)
  expect((await place.until('loop', 'failed')).reason).toMatch(reason)
  expect(await failedEvents('loop')).toHaveLength(2)
})

test('with --max-restarts 0 the first crash is the last', async () => {
  await place.keelan(['deploy', 'fragile', '--max-restarts', '0', '--', 'exit 5'])
  expect(await place.until('fragile', 'failed')).toMatchObject({ restarts: 0, exitCode: 5 })
  expect(await place.runs('fragile')).toHaveLength(1)
})

/** Crashes, is restarted at once, crashes again, and then waits for an hour. */
async function inBackoff(name: string): Promise<Ship> {
  await place.keelan(['deploy', name, ...inAnHour, '--', 'echo run; exit 4'])
  const ship = await place.until(name, 'backoff')
  await place.untilLog(name, /^run\nrun\n$/)
  return ship
}

test('a ship that waits for its next start says so, and since when and until when', async () => {
  await inBackoff('waiting')
  const ship = await place.until('waiting', 'backoff')
  expect(ship).toMatchObject({ exitCode: 4, pid: null, wish: 'up' })
  expect(ship.reason).toMatch(/^exited with code 4 after /)
  const wait = Date.parse(ship.nextStartAt ?? '') - Date.parse(ship.stoppedAt ?? '')
  expect(wait / 3_600_000).toBeGreaterThan(0.99)
  expect(await place.ok('ls')).toMatch(/^waiting +backoff +- +- +1 +4 /m)
  expect(await place.ok('show', 'waiting')).toMatch(/exited with code 4 after .*; starts again in (59m|1h)/)
  expect((await place.json<{ ships: Ship[] }>('monitor')).ships).toContainEqual(ship)
})

test('`start` during back-off starts at once, with the waits afresh', async () => {
  await inBackoff('impatient')
  await place.keelan(['start', 'impatient'])
  await place.untilLog('impatient', /^(run\n){4}$/)
  expect(await place.until('impatient', 'backoff')).toMatchObject({ restarts: 1 })
})

test('`stop` during back-off stops it for good', async () => {
  await inBackoff('patient')
  const shims = place.shimsOf('patient')
  expect(shims).toHaveLength(1)
  await place.ok('stop', 'patient')
  expect(await place.ship('patient')).toMatchObject({ status: 'stopped', wish: 'down', nextStartAt: null, exitCode: 4 })
  await eventually(() => shims.filter(isThere)).toEqual([])
  expect(place.logOf('patient')).toBe('run\nrun\n')
})

test('`start` leaves a ship that runs alone, and `restart` gives it another pid', async () => {
  await place.ok('deploy', 'steady', '--', 'sleep', '1000')
  const { pid } = await place.ship('steady')
  await place.ok('start', 'steady')
  expect((await place.ship('steady')).pid).toBe(pid)
  await place.ok('restart', 'steady')
  expect(isThere(pid ?? 0)).toBe(false)
  expect(await place.ship('steady')).toMatchObject({ status: 'running', restarts: 0 })
  expect(await place.runs('steady')).toMatchObject([{ endedAt: null }, { pid, reason: 'asked' }])
})

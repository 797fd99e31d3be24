import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { errorTable } from '../helper/api/errors.ts'
import type { Ship } from '../helper/api/ship.ts'
import { namespace } from './testing/machine.ts'
import { environmentOf, processesIn } from './testing/processes.ts'
import { expectRefusal } from './testing/refusals.ts'
import { isRoot } from './testing/users.ts'
import { eventually, isThere, type Workplace, workplace } from './testing/workplace.ts'

/** What has gone wrong once. */

/** What a shell would say is there. */
const listed = (place: Workplace): Promise<Ship[]> => place.json<Ship[]>('ls')

/** Everything of a ship, its shims too. */
const allOf = (place: Workplace, name: string): number[] => [...place.processesOf(name), ...place.shimsOf(name)]

/** What a shell would send along: the mark by which `processesOf` finds a ship is in it. */
const shellOf = ({ paths }: Workplace) => ({ PATH: process.env['PATH'] ?? '', BASE_DIRECTORY: paths.base })

const fifo = (place: Workplace): string => {
  const path = join(place.folder, 'fifo')
  expect(spawnSync('mkfifo', [path]).status).toBe(0)
  return path
}

/** A ship that goes on after SIGTERM until the file `go` is there. */
function slowToStop(place: Workplace): { deploy: string[]; letGo: () => void } {
  const go = join(place.folder, 'go')
  const command = `trap 'while [ ! -e ${go} ]; do sleep 0.02; done; exit 0' TERM; echo up; while :; do sleep 0.02; done`
  return {
    deploy: ['deploy', 'slow', '--stop-timeout', '20s', '--', command],
    letGo: () => writeFileSync(go, ''),
  }
}

test('an env file with a NUL byte, which could smuggle in settings of the shim, is refused and deploys nothing', async () => {
  const place = workplace()
  const pwned = join(place.folder, 'pwned')
  await place.ok('daemon', 'start')
  const lines = { quoted: `A="1\0log-stderr=${pwned}"`, plain: `A=1\0log-stderr=${pwned}`, later: `A="1\n\0user=root"` }
  for (const [name, content] of Object.entries(lines)) {
    const file = place.write(name, `${content}\n`)
    const refused = await place.keelan(['deploy', 'web', '--env-file', file, '--', 'echo', 'hello'])
    expectRefusal(refused, 'ENV_FILE_UNREADABLE', file)
  }
  expect(await listed(place)).toEqual([])
  expect(readdirSync(place.paths.shipRuns)).toEqual([])
  expect(existsSync(pwned)).toBe(false)
})

test.each([false, true])(
  'a ship whose run folder was deleted is stopped, restarted and removed all the same (helper restarted: %s)',
  async (helperRestarts) => {
    const place = workplace()
    for (const name of ['stopped', 'restarted', 'removed'])
      await place.ok('deploy', name, '--', 'sleep 1000 & setsid sleep 1000 & wait')
    const before = { stopped: allOf(place, 'stopped'), restarted: allOf(place, 'restarted') }
    const { pid } = await place.ship('restarted')
    for (const name of ['stopped', 'restarted', 'removed'])
      rmSync(join(place.paths.shipRuns, name), { recursive: true, force: true })
    if (helperRestarts) await place.ok('daemon', 'restart')

    await place.ok('stop', 'stopped')
    expect(await place.ship('stopped')).toMatchObject({ status: 'stopped', pid: null })
    await eventually(() => [...before.stopped.filter(isThere), ...allOf(place, 'stopped')]).toEqual([])
    await place.ok('start', 'stopped')
    await place.until('stopped', 'running')

    await place.ok('restart', 'restarted')
    expect((await place.until('restarted', 'running')).pid).not.toBe(pid)
    await eventually(() => before.restarted.filter(isThere)).toEqual([])
    expect(place.shimsOf('restarted')).toHaveLength(1)

    await place.ok('remove', 'removed')
    await eventually(() => allOf(place, 'removed')).toEqual([])
    expect((await listed(place)).map(({ name }) => name)).toEqual(['restarted', 'stopped'])
  },
)

test.each(['a pipe', 'a device'])('an env_file that is %s is refused at once, and the helper goes on', async (kind) => {
  const place = workplace()
  await place.ok('daemon', 'start')
  const file = kind === 'a pipe' ? fifo(place) : '/dev/zero'
  const refused = await place.launch('deploy', 'web', '--env-file', file, '--', 'sleep', '1000').ended()
  expectRefusal(refused, 'ENV_FILE_UNREADABLE', file)
  expect(await listed(place)).toEqual([])
})

test('what is deployed or started while `daemon stop --ships` stops the ships is refused, and nothing is left', async () => {
  const place = workplace()
  const slow = slowToStop(place)
  await place.ok(...slow.deploy)
  await place.ok('deploy', 'idle', '--no-start', '--', 'sleep', '1000')
  await place.untilLog('slow', /up/)
  const stopping = place.launch('daemon', 'stop', '--ships')
  await place.until('slow', 'stopping')
  const deployed = await place.keelan(['deploy', 'other', '--', 'sleep', '1000'])
  const started = await place.client.call('startShip', { params: { name: 'idle' } }).catch((error: unknown) => error)
  slow.letGo()
  expectRefusal(deployed, 'HELPER_STOPPING')
  expect(started).toMatchObject({ code: 'HELPER_STOPPING' })
  expect(await stopping.ended()).toMatchObject({ code: 0, stderr: '' })
  await eventually(() => ['slow', 'other', 'idle'].flatMap((name) => allOf(place, name))).toEqual([])
  await eventually(() => processesIn(place.paths.base)).toEqual([])
})

test('a ship that is slow to stop holds up no other: `deploy` of another one returns meanwhile', async () => {
  const place = workplace()
  const slow = slowToStop(place)
  await place.ok(...slow.deploy)
  await place.untilLog('slow', /up/)
  const { pid } = await place.ship('slow')
  const stop = place.launch('stop', 'slow')
  await place.until('slow', 'stopping')
  const { definition } = await place.client.call('getShip', { params: { name: 'slow' }, query: { env: 'true' } })
  const replacing = place.client.call('applyShips', {
    body: { ships: [{ ...definition, env: { A: '1' } }], shellEnvironment: shellOf(place), replace: true },
  })
  const replaced = replacing.then(
    () => 'done',
    (error: unknown) => error,
  )
  // Answered after the replacement was taken in.
  await place.client.call('getHelper')
  await place.ok('deploy', 'other', '--', 'sleep', '1000')
  const [slowThen, otherThen] = [await place.ship('slow'), await place.ship('other')]
  slow.letGo()
  expect([slowThen.status, otherThen.status]).toEqual(['stopping', 'running'])
  expect(await stop.ended()).toMatchObject({ code: 0 })
  expect(await replaced).toBe('done')
  expect((await place.until('slow', 'running')).pid).not.toBe(pid)
})

test('`deploy --replace` and `remove` of one ship at a time both succeed and leave one tree at most', async () => {
  const place = workplace()
  await place.ok('deploy', 'web', '--no-start', '--', 'sleep 1000 & setsid sleep 1000 & wait')
  const name = 'web'
  const { definition } = await place.client.call('getShip', { params: { name }, query: { env: 'true' } })
  const apply = (n: number) =>
    place.client.call('applyShips', {
      body: { ships: [{ ...definition, env: { N: String(n) } }], shellEnvironment: shellOf(place), replace: true },
    })
  const outcomes: unknown[] = []
  const outcome = async (word: string, work: () => Promise<unknown>): Promise<void> => {
    await sleep(Math.random() * 40)
    const result = await work().then(
      () => 'done',
      (error: unknown) => String(error),
    )
    outcomes.push([word, result])
  }
  for (let n = 0; n < 20; n += 1) {
    await apply(2 * n)
    await Promise.all([
      outcome('replace', () => apply(2 * n + 1)),
      outcome('remove', () => place.client.call('removeShip', { params: { name } })),
    ])
    const ships = await listed(place)
    const trees = () => new Set(place.processesOf(name).map((pid) => environmentOf(pid)['KEELAN_SHIM']))
    if (ships.length === 0) await eventually(() => allOf(place, name)).toEqual([])
    else {
      expect(ships).toMatchObject([{ name, status: 'running' }])
      expect(place.processesOf(name)).toContain(ships[0]?.pid)
      await eventually(() => [trees().size, place.shimsOf(name).length]).toEqual([1, 1])
    }
  }
  expect(outcomes.filter((each) => !String(each).endsWith(',done'))).toEqual([])
})

test('a ship that ended well is not started again because its shim is killed while leftovers are being stopped', async () => {
  const place = workplace()
  const command = ['bash', '-c', '(trap "" TERM; exec setsid sleep 301) & sleep 0.5; exit 0']
  await place.ok('deploy', 'web', '--restart', 'on-failure', '--stop-timeout', '5s', '--', ...command)
  await place.until('web', 'stopped')
  expect(place.processesOf('web')).toHaveLength(1)
  for (const shim of place.shimsOf('web')) process.kill(shim, 'SIGKILL')
  await eventually(() => place.ok('events', '-n', '20')).toContain('has lost its shim')
  await eventually(() => allOf(place, 'web')).toEqual([])
  await eventually(() => place.runs('web')).toMatchObject([{ exitCode: 0, reason: 'completed' }])
  expect(await place.ship('web')).toMatchObject({ status: 'stopped', exitCode: 0, restarts: 0 })
  // Nor is it owed a start by the next helper.
  await place.ok('daemon', 'restart')
  expect(await place.ship('web')).toMatchObject({ status: 'stopped', exitCode: 0, restarts: 0 })
  expect(await place.runs('web')).toHaveLength(1)
  expect(allOf(place, 'web')).toEqual([])
})

test.each([false, true])(
  'a ship in a long back-off keeps waiting when its shim is killed, until somebody starts it (helper restarted: %s)',
  async (helperRestarts) => {
    const place = workplace()
    const go = join(place.folder, 'go')
    const backoff = ['--backoff-initial', '60s', '--backoff-max', '60s']
    await place.ok('deploy', 'web', ...backoff, '--', `[ -e ${go} ] && exec sleep 1000; exit 1`)
    // The first restart is at once.
    await eventually(() => place.runs('web')).toMatchObject([{ exitCode: 1 }, { exitCode: 1 }])
    const isWaiting = async (): Promise<boolean> => {
      const { nextStartAt } = await place.until('web', 'backoff')
      return Date.parse(nextStartAt ?? '') > Date.now() + 10_000
    }
    await eventually(isWaiting).toBe(true)
    const { nextStartAt } = await place.ship('web')
    for (const shim of place.shimsOf('web')) process.kill(shim, 'SIGKILL')
    await eventually(() => place.helperLog()).toMatch(/web: its shim was killed[^]*web starts again in/)
    if (helperRestarts) await place.ok('daemon', 'restart')
    expect(await place.ship('web')).toMatchObject({ status: 'backoff', nextStartAt })
    expect(await place.runs('web')).toHaveLength(2)
    writeFileSync(go, '')
    await place.ok('start', 'web')
    expect(await place.ship('web')).toMatchObject({ status: 'running' })
    expect(await place.runs('web')).toHaveLength(3)
  },
)

test('a helper whose socket was deleted answers again by itself', async () => {
  const place = workplace()
  await place.ok('daemon', 'start', '--interval', '1')
  await place.ok('deploy', 'web', '--', 'sleep', '1000')
  const [helper, before] = [place.helperPid(), await place.ship('web')]
  for (let n = 0; n < 2; n += 1) {
    rmSync(place.paths.socket)
    await eventually(() => existsSync(place.paths.socket)).toBe(true)
    expect(await place.json('daemon', 'status')).toMatchObject({ running: true, pid: helper })
  }
  expect(await place.ship('web')).toMatchObject({ status: 'running', pid: before.pid })
})

test('a helper whose lock was deleted ends without touching ships, which the next one takes up', async () => {
  const place = workplace()
  await place.ok('daemon', 'start', '--interval', '1')
  for (const name of ['a', 'b']) await place.ok('deploy', name, '--', 'sleep', '1000')
  const pids = async () => [(await place.ship('a')).pid, (await place.ship('b')).pid]
  const [helper, before] = [place.helperPid(), await pids()]
  rmSync(place.paths.lock)
  await eventually(() => isThere(helper)).toBe(false)
  expect(before.filter((pid) => !isThere(pid ?? 0))).toEqual([])
  await place.ok('daemon', 'start')
  expect(await pids()).toEqual(before)
  for (const name of ['a', 'b']) expect(await place.ship(name)).toMatchObject({ status: 'running', restarts: 0 })
})

test.each(['below a plain file', 'where the system allows none'])(
  'a pid file %s is named, and no helper is left',
  async (where) => {
    const place = workplace()
    const file = where === 'below a plain file' ? join(place.write('plain', ''), 'p') : '/proc/nope/p'
    const refused = await place.launch('daemon', 'start', '--pid-file', file).ended()
    expectRefusal(refused, 'BASE_DIRECTORY_UNUSABLE', file)
    await eventually(() => processesIn(place.paths.base)).toEqual([])
  },
)

test('a log on a full disk does not keep `daemon start` from coming back with an error', async () => {
  const place = workplace()
  const { code, stderr } = await place.launch('daemon', 'start', '--log-file', '/dev/full').ended()
  expect(stderr).toMatch(/^keelan: .*\/dev\/full/)
  expect(code).toBe(1)
  await eventually(() => processesIn(place.paths.base)).toEqual([])
})

test('a Keelanfile that is a pipe does not keep `up` from coming back with an error', async () => {
  const place = workplace()
  const file = fifo(place)
  const { code, stderr } = await place.launch('up', '--file', file).ended()
  expect(stderr).toMatch(/^keelan: /)
  expect(stderr).toContain(file)
  expect([1, 2]).toContain(code)
})

test('twenty starts at once leave no word in the log about those that came too late', async () => {
  const place = workplace()
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => place.keelan(['daemon', 'start'])))
  expect(outcomes.map(({ code }) => code)).toEqual(outcomes.map(() => 0))
  expect(place.helperLog()).not.toContain('a helper is running already')
  expect(place.helperLog().match(/ starts \(pid/g)).toHaveLength(1)
})

test.skipIf(!isRoot)(
  'on a full disk SIGTERM still ends the helper in order, and the next one takes its ships up (needs root)',
  async () => {
    const { inside, seen, folder: disk } = await namespace((folder) => `mount -t tmpfs -o size=6m none ${folder}`)
    const place = workplace({ wrap: inside, env: { BASE_DIRECTORY: join(disk, 'base') } })
    await place.ok('deploy', 'web', '--', 'exec sleep 1000')
    const { pid: helper } = await place.json<{ pid: number }>('daemon', 'status')
    const [before] = await listed(place)
    const filling = seen(join(disk, 'filling'))
    for (const size of [65_536, 4_096, 1])
      try {
        for (;;) writeFileSync(filling, Buffer.alloc(size), { flag: 'a' })
      } catch {
        // Full, up to this size.
      }
    process.kill(helper, 'SIGTERM')
    await eventually(() => isThere(helper)).toBe(false)
    expect(existsSync(seen(place.paths.defaultPidFile))).toBe(false)
    expect(existsSync(seen(place.paths.socket))).toBe(false)
    expect(isThere(before?.pid ?? 0)).toBe(true)
    rmSync(filling)
    await place.ok('daemon', 'start')
    expect(await listed(place)).toMatchObject([{ name: 'web', status: 'running', pid: before?.pid, restarts: 0 }])
  },
)

test('--env-file of `deploy` is ours, not an option of the Node that runs the command', async () => {
  const place = workplace()
  const file = join(place.folder, 'missing')
  // `place.keelan` runs the executable file itself.
  const refused = await place.keelan(['deploy', 'x', '--env-file', 'missing', '--', 'true'])
  expect(refused.stderr).toContain(`x: env_file ${file} cannot be read`)
  expect(refused.stderr).toContain(errorTable.ENV_FILE_UNREADABLE.wayOut)
  expect(refused.code).toBe(1)
})

import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { HelperInfo } from '../helper/api/helper.ts'
import { launch } from './testing/commands.ts'
import {
  commandOf,
  descriptorsOf,
  environmentOf,
  processesWhere,
  standing,
  workingFolderOf,
} from './testing/processes.ts'
import { bystander, eventually, isThere, keelanPath, type Workplace, workplace } from './testing/workplace.ts'

/** The helper's own life: `keelan daemon start|stop|restart|status`. */
const statusFile = (place: Workplace): Record<string, unknown> =>
  JSON.parse(readFileSync(join(place.paths.run, 'keelan_status.json'), 'utf8')) as Record<string, unknown>

const helpersOf = (place: Workplace): number[] =>
  processesWhere(
    (pid) => commandOf(pid).includes('helper/daemon.js') && environmentOf(pid)['BASE_DIRECTORY'] === place.paths.base,
  )

const ship = ['deploy', 'web', '--', 'sleep', '1000']

/** A line of the helper's log: timestamp, level, module, text. */
const logLine = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (error|warn|info|debug) \[[a-z]+\] \S.*$/

test('`status` tells the same from any directory, in words and as JSON, and what the files say', async () => {
  const place = workplace()
  expect(await place.keelan(['daemon', 'start'], { cwd: '/' })).toMatchObject({ code: 0, stderr: '' })
  await place.ok(...ship)
  const status = await place.json<HelperInfo & { running: boolean }>('daemon', 'status')
  expect(status).toMatchObject({
    running: true,
    pid: place.helperPid(),
    platform: 'console',
    intervalSeconds: 30,
    baseDirectory: place.paths.base,
    pidFile: place.paths.defaultPidFile,
    logFile: place.paths.defaultLogFile,
    logFileBytes: statSync(place.paths.defaultLogFile).size,
    lastLogLines: place.helperLog().trim().split('\n').slice(-10),
    ships: { running: 1, failed: 0, stopped: 0 },
  })
  const { code, stdout } = await place.keelan(['daemon', 'status'], { cwd: place.paths.logs })
  expect(code).toBe(0)
  for (const fact of [`running, pid ${status.pid}`, status.version, status.logFile, '1 running', 'web is running'])
    expect(stdout).toContain(fact)
  expect(statusFile(place)).toEqual({
    status: 'running',
    start_time: status.startedAt,
    stop_time: null,
    pid: status.pid,
    platform: 'console',
    error: null,
  })
  expect(
    place
      .helperLog()
      .trim()
      .split('\n')
      .filter((line) => !logLine.test(line)),
  ).toEqual([])
})

test('started from a terminal, the helper has left it behind: session, descriptors and folder are its own', async () => {
  const place = workplace()
  const { ended } = launch(['script', '-qec', `${keelanPath} daemon start`, '/dev/null'], place)
  expect(await ended()).toMatchObject({ code: 0 })
  const pid = place.helperPid()
  expect(isThere(pid)).toBe(true)
  expect(standing(pid)).toMatchObject({ session: pid, terminal: 0 })
  expect(workingFolderOf(pid)).toBe('/')
  const descriptors = descriptorsOf(pid)
  expect(descriptors.get(0)).toBe('/dev/null')
  for (const fd of [1, 2]) expect(['/dev/null', place.paths.defaultLogFile]).toContain(descriptors.get(fd))
  expect([...descriptors.values()].filter((target) => target.startsWith('/dev/pts'))).toEqual([])
})

test('started twenty times at once there is one helper, and every start says which', async () => {
  const place = workplace()
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => place.keelan(['daemon', 'start'])))
  expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual(outcomes.map(() => [0, '']))
  const pids = new Set(outcomes.map(({ stdout }) => /pid (\d+)/.exec(stdout)?.[1]))
  expect([...pids]).toEqual([String(place.helperPid())])
  await eventually(() => helpersOf(place)).toEqual([place.helperPid()])
})

test('what a killed helper left behind neither misleads nor hinders the next', async () => {
  const place = workplace()
  await place.ok('daemon', 'start')
  const first = place.helperPid()
  await place.killHelper()
  expect(existsSync(place.paths.socket)).toBe(true)
  const other = bystander()
  writeFileSync(place.paths.defaultPidFile, `${other.pid}\n`)
  const status = await place.keelan(['daemon', 'status'])
  expect(status.code).toBe(3)
  expect(status.stdout).toMatch(new RegExp(`not running[^]*pid ${first} ended without a word`))
  expect(await place.keelan(['ls'])).toMatchObject({ code: 3, stdout: '' })
  await place.ok('daemon', 'stop')
  await place.ok('daemon', 'start')
  expect(place.helperPid()).not.toBe(first)
  expect(place.helperLog()).toContain(`removed ${place.paths.socket}, left by a helper that is gone`)
  expect(place.helperLog()).toContain(`replaced ${place.paths.defaultPidFile}, left by a helper that is gone`)
  await place.ok('daemon', 'stop')
  expect(isThere(other.pid)).toBe(true)
})

test('`stop` leaves the ships running, `stop --ships` does not, and both return when the helper is gone', async () => {
  const place = workplace()
  await place.ok(...ship)
  const { pid } = await place.ship('web')
  const first = place.helperPid()
  await place.ok('daemon', 'stop')
  expect(isThere(first)).toBe(false)
  expect(isThere(pid ?? 0)).toBe(true)
  const status = await place.keelan(['daemon', 'status', '--json'])
  expect(status.code).toBe(3)
  expect(JSON.parse(status.stdout)).toMatchObject({ running: false, status: { status: 'stopped', pid: first } })
  await place.ok('daemon', 'start')
  expect(await place.ship('web')).toMatchObject({ status: 'running', pid })
  expect(await place.json('daemon', 'stop', '--ships')).toEqual({ wasRunning: true, stoppedShips: ['web'] })
  expect(isThere(pid ?? 0)).toBe(false)
  expect(await place.keelan(['daemon', 'stop'])).toMatchObject({ code: 0, stderr: '' })
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends the helper in order and leaves the ships running',
  async (signal) => {
    const place = workplace()
    await place.ok(...ship)
    const { pid: shipPid } = await place.ship('web')
    const pid = place.helperPid()
    const { start_time } = statusFile(place)
    process.kill(pid, signal)
    await eventually(() => isThere(pid)).toBe(false)
    expect(existsSync(place.paths.defaultPidFile)).toBe(false)
    expect(existsSync(place.paths.socket)).toBe(false)
    const last = statusFile(place)
    expect(last).toEqual({
      status: 'stopped',
      start_time,
      stop_time: last['stop_time'],
      pid,
      platform: 'console',
      error: null,
    })
    expect(Date.parse(String(last['stop_time']))).toBeGreaterThan(Date.parse(String(start_time)))
    expect(place.helperLog()).toMatch(new RegExp(`ends: ${signal}\n[^]*has ended\n$`))
    expect(isThere(shipPid ?? 0)).toBe(true)
  },
)

test('`restart` keeps the options of the helper and the pids of the ships', async () => {
  const place = workplace()
  const [log, pidFile] = [join(place.folder, 'logs', 'helper.log'), join(place.folder, 'pids', 'helper.pid')]
  mkdirSync(dirname(pidFile))
  await place.ok('daemon', 'start', '--log-file', 'logs/helper.log', '--pid-file', 'pids/helper.pid', '--interval', '7')
  await place.ok(...ship)
  const { pid } = await place.ship('web')
  const before = await place.client.call('getHelper')
  expect(readFileSync(pidFile, 'utf8')).toBe(`${before.pid}\n`)
  expect(existsSync(join(place.folder, 'pids', 'keelan_status.json'))).toBe(true)
  expect(existsSync(place.paths.defaultPidFile)).toBe(false)
  expect(await place.keelan(['daemon', 'restart'], { cwd: '/' })).toMatchObject({ code: 0, stderr: '' })
  const after = await place.client.call('getHelper')
  expect(after).toMatchObject({ logFile: log, pidFile, intervalSeconds: 7 })
  expect(after.pid).not.toBe(before.pid)
  expect(readFileSync(pidFile, 'utf8')).toBe(`${after.pid}\n`)
  expect(isThere(before.pid)).toBe(false)
  expect(await place.ship('web')).toMatchObject({ status: 'running', pid, restarts: 0 })
  expect(readFileSync(log, 'utf8').match(/ starts \(pid/g)).toHaveLength(2)
})

test('--logfile and --pidfile are other names of --log-file and --pid-file', async () => {
  const place = workplace()
  await place.ok('daemon', 'start', '--logfile', 'helper.log', '--pidfile', 'helper.pid')
  expect(await place.client.call('getHelper')).toMatchObject({
    logFile: join(place.folder, 'helper.log'),
    pidFile: join(place.folder, 'helper.pid'),
  })
})

test('after SIGHUP the log goes on under its name, if it was moved away', async () => {
  const place = workplace()
  await place.ok('daemon', 'start')
  const old = `${place.paths.defaultLogFile}.1`
  renameSync(place.paths.defaultLogFile, old)
  process.kill(place.helperPid(), 'SIGHUP')
  await eventually(() => existsSync(place.paths.defaultLogFile)).toBe(true)
  await place.ok(...ship)
  expect(place.helperLog()).toContain('web is running')
  expect(readFileSync(old, 'utf8')).not.toContain('web is running')
})

test('LOGLEVEL chooses how much the log says', async () => {
  const loud = workplace({ env: { LOGLEVEL: 'DEBUG' } })
  await loud.ok(...ship)
  expect(loud.helperLog()).toMatch(/ debug \[/)
  const quiet = workplace({ env: { LOGLEVEL: 'ERROR' } })
  await quiet.ok(...ship)
  expect(quiet.helperLog()).toBe('')
})

test.each(['--foreground', '--nodaemonize'])(
  'with %s the helper stays on the terminal and ends with 0',
  async (option) => {
    const place = workplace()
    const helper = place.launch('daemon', 'start', option)
    await eventually(() => helper.stdout()).toContain('listens on')
    expect(standing(place.helperPid()).session).toBe(standing(helper.pid).session)
    await place.ok(...ship)
    const { pid } = await place.ship('web')
    const second = await place.keelan(['daemon', 'start', option])
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toMatch(/^keelan: a helper is running already/)
    expect((await helper.end('SIGTERM')).code).toBe(0)
    expect(helper.stdout()).toMatch(/web is running[^]*has ended/)
    expect(helpersOf(place)).toEqual([])
    expect(isThere(pid ?? 0)).toBe(true)
  },
)

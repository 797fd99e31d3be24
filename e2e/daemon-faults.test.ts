import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sqlite3 from 'sqlite3'
import { open } from 'sqlite'
import { expect, test } from 'vitest'
import { run } from './testing/commands.ts'
import { namespace } from './testing/machine.ts'
import { expectRefusal } from './testing/refusals.ts'
import { asOrdinaryUser, isRoot, ordinaryUserCanRun } from './testing/users.ts'
import { eventually, isThere, keelanPath, type Workplace, workplace } from './testing/workplace.ts'

/** What keeps the helper from starting or working: each is one clear line with the path and the way out. */

const statusFile = (place: Workplace): unknown =>
  JSON.parse(readFileSync(join(place.paths.run, 'keelan_status.json'), 'utf8'))

/** A helper that could not start has left nothing but a status file that says why. */
function expectToldByFile(place: Workplace, why: string): void {
  const error = expect.stringContaining(why) as string
  const time = expect.any(String) as string
  const pid = expect.any(Number) as number
  expect(statusFile(place)).toEqual({
    status: 'error',
    start_time: time,
    stop_time: time,
    pid,
    platform: 'console',
    error,
  })
  expect(existsSync(place.paths.defaultPidFile)).toBe(false)
}

test('a plain file in the place of the socket is named and left alone', async () => {
  const place = workplace()
  mkdirSync(place.paths.run, { recursive: true })
  writeFileSync(place.paths.socket, 'precious')
  expectRefusal(await place.keelan(['daemon', 'start']), 'BASE_DIRECTORY_UNUSABLE', place.paths.socket, 'not a socket')
  expect(readFileSync(place.paths.socket, 'utf8')).toBe('precious')
  expectToldByFile(place, place.paths.socket)
  rmSync(place.paths.socket)
  await place.ok('daemon', 'start')
})

test('a database of a newer version is named and left as it is; `deploy` says the same as `daemon start`', async () => {
  const place = workplace()
  await place.ok('deploy', 'web', '--', 'sleep', '1000')
  const { pid } = await place.ship('web')
  await place.ok('daemon', 'stop')
  const connection = await open({ filename: place.paths.database, driver: sqlite3.Database })
  await connection.exec('PRAGMA user_version = 99')
  await connection.close()
  const before = readFileSync(place.paths.database)
  for (const words of [
    ['daemon', 'start'],
    ['deploy', 'other', '--', 'true'],
  ])
    expectRefusal(await place.keelan(words), 'DATABASE_NEWER', place.paths.database, '99')
  expectToldByFile(place, '99')
  const status = await place.keelan(['daemon', 'status'])
  expect(status.code).toBe(3)
  expect(status.stdout).toMatch(/error +.*newer Keelan/)
  expect(readFileSync(place.paths.database).equals(before)).toBe(true)
  // A ship is none the wiser.
  expect(isThere(pid ?? 0)).toBe(true)
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${place.paths.database}${suffix}`, { force: true })
  await place.ok('daemon', 'start')
  expect(await place.ship('web')).toMatchObject({ status: 'running', pid })
})

test('a file that is no database is named and left as it is', async () => {
  const place = workplace()
  mkdirSync(place.paths.base, { recursive: true })
  writeFileSync(place.paths.database, 'no database at all\n'.repeat(1_000))
  expectRefusal(await place.keelan(['daemon', 'start']), 'DATABASE_UNREADABLE', place.paths.database)
  expectToldByFile(place, place.paths.database)
  expect(readFileSync(place.paths.database, 'utf8')).toBe('no database at all\n'.repeat(1_000))
})

test('a base directory below a plain file, and a log that is a folder, are named', async () => {
  const place = workplace()
  const file = place.write('plain', '')
  const env = { BASE_DIRECTORY: join(file, 'base') }
  expectRefusal(await place.keelan(['daemon', 'start'], { env }), 'BASE_DIRECTORY_UNUSABLE', join(file, 'base'))
  expectRefusal(
    await place.keelan(['up', '-f', place.write('k.yml', 'ships: {a: {command: "true"}}')], { env }),
    'BASE_DIRECTORY_UNUSABLE',
    join(file, 'base'),
  )
  const log = await place.keelan(['daemon', 'start', '--log-file', place.folder])
  expectRefusal(log, 'BASE_DIRECTORY_UNUSABLE', place.folder)
})

test('a base directory that cannot be made is named, where the system itself is odd about it too', async () => {
  const place = workplace({ env: { BASE_DIRECTORY: '/proc/keelan/base' } })
  const starting = place.launch('daemon', 'start')
  await eventually(starting.stderr).toMatch(/\n$/)
  expectRefusal(await starting.ended(), 'BASE_DIRECTORY_UNUSABLE', '/proc/keelan/base')
})

test('a base directory that is missing is made, for its owner alone', async () => {
  const place = workplace()
  const base = join(place.folder, 'not', 'there', 'yet')
  const env = { BASE_DIRECTORY: base }
  expect(await place.keelan(['daemon', 'start'], { env })).toMatchObject({ code: 0 })
  expect(statSync(base).mode & 0o777).toBe(0o700)
  expect(await place.keelan(['daemon', 'stop'], { env })).toMatchObject({ code: 0 })
})

test('a socket path that is too long is named by every command, and nothing is made there', async () => {
  const place = workplace()
  const base = join(place.folder, 'x'.repeat(100))
  for (const words of [['daemon', 'start'], ['deploy', 'web', '--', 'true'], ['ls']])
    expectRefusal(await place.keelan(words, { env: { BASE_DIRECTORY: base } }), 'SOCKET_PATH_TOO_LONG', base)
  expect(existsSync(base)).toBe(false)
})

test.skipIf(!ordinaryUserCanRun)(
  'a base directory that may not be written is named (needs a clone that others may read)',
  async () => {
    const place = workplace()
    chmodSync(join(place.folder, '..'), 0o755)
    mkdirSync(place.paths.base)
    chmodSync(place.paths.base, 0o555)
    const refused = await run([...asOrdinaryUser, keelanPath, 'daemon', 'start'], { cwd: '/', env: place.env })
    expectRefusal(refused, 'BASE_DIRECTORY_UNUSABLE', place.paths.base, 'EACCES')
    chmodSync(place.paths.base, 0o700)
  },
)

test.skipIf(!isRoot || !ordinaryUserCanRun)(
  "another user's helper is not to be used, and says so (needs root)",
  async () => {
    const place = workplace()
    await place.ok('daemon', 'start')
    for (const folder of [join(place.folder, '..'), place.paths.base, place.paths.run]) chmodSync(folder, 0o755)
    const refused = await run([...asOrdinaryUser, keelanPath, 'ls'], { cwd: '/', env: place.env })
    expectRefusal(refused, 'BASE_DIRECTORY_UNUSABLE', place.paths.socket)
  },
)

test.skipIf(!isRoot)(
  'on a full disk the helper says so; one that runs goes on, and so do its ships (needs root)',
  async () => {
    const { inside, seen, folder: disk } = await namespace((folder) => `mount -t tmpfs -o size=4m none ${folder}`)
    const place = workplace({ wrap: inside, env: { BASE_DIRECTORY: join(disk, 'base') } })
    const filling = seen(join(disk, 'filling'))
    const fill = (): void => {
      for (const size of [65_536, 512])
        try {
          for (;;) writeFileSync(filling, Buffer.alloc(size), { flag: 'a' })
        } catch {
          // Full, up to this size.
        }
    }
    fill()
    expectRefusal(await place.keelan(['daemon', 'start']), 'DISK_FULL', join(disk, 'base'))
    rmSync(filling)
    await place.ok('deploy', 'web', '--restart', 'always', '--', 'exec sleep 1000')
    fill()
    expectRefusal(await place.keelan(['deploy', 'more', '--', 'sleep', '1000']), 'DISK_FULL', disk)
    const [web] = await place.json<{ name: string; pid: number }[]>('ls')
    expect(web).toMatchObject({ name: 'web', status: 'running' })
    process.kill(web?.pid ?? 0, 'SIGKILL')
    rmSync(filling)
    await eventually(() => place.ok('ls')).toMatch(/^web +running +\d+ +\S+ +1 +SIGKILL/m)
    await place.ok('deploy', 'more', '--replace', '--', 'sleep', '1000')
  },
)

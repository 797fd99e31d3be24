import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Ship, ShipDetail } from '../helper/api/ship.ts'
import { eventually, isThere, type Workplace, sharedWorkplace, workplace } from './testing/workplace.ts'

/** Ships that come, change and go: `deploy`, `up`, `down`, `remove`. */
const place = sharedWorkplace()

const pidsOf = async (where: Workplace): Promise<Record<string, number | null>> =>
  Object.fromEntries((await where.json<Ship[]>('ls')).map(({ name, pid }) => [name, pid]))

test('with --no-start a ship is there but does not run until somebody starts it', async () => {
  await place.ok('deploy', 'later', '--no-start', '--', 'echo ran; exec sleep 1000')
  expect(await place.ship('later')).toMatchObject({ status: 'stopped', pid: null, stoppedAt: null, exitCode: null })
  expect(place.shimsOf('later')).toEqual([])
  expect(await place.runs('later')).toEqual([])
  await place.ok('start', 'later')
  await place.untilLog('later', /^ran\n$/)
})

test('`deploy` on a name that is taken is refused and changes nothing; --replace changes it', async () => {
  await place.ok('deploy', 'taken', '--env', 'N=1', '--', 'sleep', '1000')
  const before = await place.json<ShipDetail>('show', 'taken', '--env')
  const refused = await place.keelan(['deploy', 'taken', '--env', 'N=2', '--', 'sleep', '2000'])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(/^keelan: there is a ship named taken already\. .*--replace.*\n$/)
  const after = await place.json<ShipDetail>('show', 'taken', '--env')
  expect(after.definition).toEqual(before.definition)
  expect(after.ship.pid).toBe(before.ship.pid)
  await place.ok('deploy', 'taken', '--replace', '--', 'sleep', '2000')
  expect(isThere(before.ship.pid ?? 0)).toBe(false)
  expect(await place.ship('taken')).toMatchObject({ status: 'running', command: 'sleep 2000', restarts: 0 })
})

test('a definition changed without a start applies at the next one, and says so until then', async () => {
  await place.ok('deploy', 'changed', '--', 'echo old; exec sleep 1000')
  const { pid } = await place.ship('changed')
  await place.ok('deploy', 'changed', '--replace', '--no-start', '--', 'echo new; exec sleep 1000')
  expect(await place.ship('changed')).toMatchObject({ pid, definitionChanged: true })
  expect(await place.ok('show', 'changed')).toContain('changed, restart to apply')
  expect(await place.ok('ls')).toMatch(/^changed +running\* /m)
  await place.ok('daemon', 'restart')
  expect(await place.ship('changed')).toMatchObject({ pid, definitionChanged: true })
  // What comes back after a crash is what ran: the new definition was not asked to start.
  process.kill(pid ?? 0, 'SIGKILL')
  await place.untilLog('changed', /^old\nold\n$/)
  await place.ok('restart', 'changed')
  await place.untilLog('changed', /^old\nold\nnew\n$/)
  expect(await place.ship('changed')).toMatchObject({ definitionChanged: false })
  expect(await place.ok('show', 'changed')).not.toContain('restart to apply')
})

test('`up` creates what the Keelanfile names, restarts only what changed, and says with --dry-run what it would do', async () => {
  const own = workplace()
  const ship = (name: string, env: string) => `  ${name}:\n    command: [sleep, "1000"]\n    env: {N: "${env}"}\n`
  own.write('Keelanfile.yml', `ships:\n${ship('one', '1')}${ship('two', '1')}`)
  const unasked = await own.ok('up', '--dry-run')
  expect(unasked).toMatch(/^one: would be created/)
  // Nothing was there to ask, and nothing was started for it.
  expect(await own.keelan(['daemon', 'status'])).toMatchObject({ code: 3 })
  expect(await own.ok('up')).toMatch(/^one: created; running.*\ntwo: created; running.*\n$/)
  const first = await pidsOf(own)
  expect(await own.ok('up')).toMatch(/^one: unchanged.*\ntwo: unchanged/)
  expect(await pidsOf(own)).toEqual(first)

  own.write('Keelanfile.yml', `ships:\n${ship('one', '1')}${ship('two', '2')}${ship('three', '1')}`)
  const dry = await own.ok('up', '--dry-run')
  expect(dry.split('\n').map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
    'one: would be left as it is',
    'two: would be updated and restarted',
    'three: would be created and started',
    '',
  ])
  expect(await pidsOf(own)).toEqual(first)
  expect((await own.json<ShipDetail>('show', 'two', '--env')).definition.env).toEqual({ N: '1' })
  await own.ok('up', 'three')
  expect(await pidsOf(own)).toEqual({ ...first, three: expect.any(Number) as number })
  await own.ok('up')
  const last = await pidsOf(own)
  expect(last['one']).toBe(first['one'])
  expect(last['two']).not.toBe(first['two'])
  expect(isThere(first['two'] ?? 0)).toBe(false)
  expect((await own.json<ShipDetail>('show', 'two', '--env')).definition.env).toEqual({ N: '2' })

  await own.ok('deploy', 'other', '--', 'sleep', '1000')
  expect(await own.ok('down', 'one')).toMatch(/^one: stopped/)
  expect(await own.ok('down')).toMatch(/three: stopped/)
  expect((await own.json<Ship[]>('ls')).map(({ name, status }) => `${name} ${status}`)).toEqual([
    'one stopped',
    'other running',
    'three stopped',
    'two stopped',
  ])
  await own.ok('down', '--all')
  expect(await own.ship('other')).toMatchObject({ status: 'stopped', wish: 'down' })
  await own.ok('up', '--file', join(own.folder, 'Keelanfile.yml'))
  expect(Object.values(await pidsOf(own)).filter(Boolean)).toHaveLength(3)
})

test('a Keelanfile with faults is refused whole, each with its place, and nothing is changed', async () => {
  const file = place.write(
    'faulty.yml',
    `ships:
  sound:
    command: [sleep, "1000"]
  faulty:
    comand: sleep 1000
    stop_timeout: soon
    health: {}
  Bad Name:
    command: sleep 1
`,
  )
  const before = await place.json<Ship[]>('ls')
  const refused = await place.keelan(['up', '--file', 'faulty.yml'])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  const lines = refused.stderr.trim().split('\n')
  const placed = lines.filter((line) => line.startsWith(`${file}:`)).map((line) => line.slice(file.length + 1).trim())
  expect(placed.join('\n')).toMatch(/line 5, column 5: .*comand.*command/)
  expect(placed.join('\n')).toMatch(/line 6, column 19: .*stop_timeout.*(500ms|5s)/)
  expect(placed.join('\n')).toMatch(/line 7, column 5: .*health.*not yet available/)
  expect(placed.join('\n')).toMatch(/line 8, column 3: .*Bad Name/)
  expect(lines.at(-1)).toContain('4 faults')
  expect((await place.json<Ship[]>('ls')).map(({ name }) => name)).toEqual(before.map(({ name }) => name))
})

test.each([
  ['deploy', ['deploy', 'planned', '--instances', '3', '--', 'true'], '--instances'],
  ['deploy', ['deploy', 'planned', '--health', 'http', '--', 'true'], '--health'],
])('what is not built yet is refused by name: %s %s', async (_, words, name) => {
  const refused = await place.keelan(words)
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toContain(`${name} is not yet available`)
  expect(await place.keelan(['show', 'planned'])).toMatchObject({ code: 1 })
})

test('`init` writes a Keelanfile that `up` takes, and never over one that is there', async () => {
  const own = workplace()
  await own.ok('init')
  expect(await own.keelan(['init'])).toMatchObject({ code: 1, stdout: '' })
  expect(await own.keelan(['up', '--dry-run'])).toMatchObject({ code: 0 })
})

test('`remove` stops a ship, keeps its log unless told otherwise, and its name is free again', async () => {
  const log = join(place.paths.shipLogs, 'gone.log')
  await place.ok('deploy', 'gone', '--', 'echo first; exec sleep 1000')
  await place.untilLog('gone', /first/)
  const { pid } = await place.ship('gone')
  const shims = place.shimsOf('gone')
  expect(await place.ok('remove', 'gone')).toContain(log)
  expect(isThere(pid ?? 0)).toBe(false)
  await eventually(() => shims.filter(isThere)).toEqual([])
  expect(readdirSync(place.paths.shipRuns)).not.toContain('gone')
  expect(await place.keelan(['show', 'gone'])).toMatchObject({ code: 1 })
  await place.ok('daemon', 'restart')
  expect(await place.keelan(['show', 'gone'])).toMatchObject({ code: 1 })

  await place.ok('deploy', 'gone', '--', 'echo second; exec sleep 1000')
  await place.untilLog('gone', /^first\nsecond\n$/)
  await place.ok('remove', 'gone', '--delete-log')
  expect(existsSync(log)).toBe(false)
  expect(readdirSync(place.paths.shipLogs).filter((name) => name.startsWith('gone'))).toEqual([])
  await place.ok('deploy', 'gone', '--', 'echo third; exec sleep 1000')
  await place.untilLog('gone', /^third\n$/)
  expect(await place.ok('logs', 'gone')).toBe('third\n')
})

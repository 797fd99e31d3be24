import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorTable } from '../helper/api/errors.ts'
import { type KeelanEvent, Snapshot, StreamLine } from '../helper/api/events.ts'
import { HelperInfo } from '../helper/api/helper.ts'
import { ErrorReply, routes } from '../helper/api/routes.ts'
import { Ship, ShipDetail } from '../helper/api/ship.ts'
import { launch, run, type Running } from './testing/commands.ts'
import { eventually, isThere, sharedWorkplace, workplace } from './testing/workplace.ts'

/** The API as anybody may use it: curl over the helper's socket. Every test has ships of its own. */
const place = sharedWorkplace()

const curlWords = (path: string, more: readonly string[] = [], socket = place.paths.socket): string[] => [
  'curl',
  '-sS',
  '--path-as-is',
  '--unix-socket',
  socket,
  ...more,
  `http://keelan${path}`,
]

/** Status, headers by name, and body. */
async function curl(
  path: string,
  ...more: string[]
): Promise<{ status: number; headers: Record<string, string>; body: string }> {
  const { stdout, stderr, code } = await run(curlWords(path, ['-i', '-H', 'Expect:', ...more]))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const end = stdout.indexOf('\r\n\r\n')
  const [first = '', ...lines] = stdout.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/).slice(0, 2))) as Record<string, string>
  return { status: Number(first.split(' ')[1]), headers, body: stdout.slice(end + 4) }
}

const json = ['-H', 'content-type: application/json'] as const
const post = (path: string, body = '{}') => curl(path, '-X', 'POST', ...json, '-d', body)

const streamLines = (text: string): StreamLine[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => StreamLine.parse(JSON.parse(line)))

test('helper and ships are told in the shapes of the contract', async () => {
  await place.ok('deploy', 'shapes', '--', 'sleep', '1000')
  const helper = HelperInfo.parse(JSON.parse((await curl('/v1/helper')).body))
  expect(helper).toMatchObject({ pid: place.helperPid(), socket: place.paths.socket })
  const { stream, seq, ships } = JSON.parse((await curl('/v1/ships')).body) as Snapshot
  expect({ stream: typeof stream, seq: typeof seq }).toEqual({ stream: 'string', seq: 'number' })
  expect(ships.map((ship) => Ship.parse(ship).name)).toContain('shapes')
  const { ship, definition, logFiles } = ShipDetail.parse(JSON.parse((await curl('/v1/ships/shapes')).body))
  expect(ship).toMatchObject({ name: 'shapes', status: 'running' })
  expect(definition.command).toEqual(['sleep', '1000'])
  expect(logFiles).toEqual([join(place.paths.shipLogs, 'shapes.log')])
})

test('a reply comes after the effect: the process is there, or gone, when it arrives', async () => {
  const script = 'trap "sleep 0.3; exit 0" TERM; echo up; while :; do sleep 0.05; done'
  await place.ok('deploy', 'effect', '--no-start', '--', script)
  const { definition } = ShipDetail.parse(JSON.parse((await curl('/v1/ships/effect?env=true')).body))
  const put = async (change: object) => {
    const shellEnvironment = { PATH: process.env['PATH'] }
    const body = JSON.stringify({ ships: [{ ...definition, ...change }], shellEnvironment, replace: true })
    return (await curl('/v1/ships', '-X', 'PUT', ...json, '-d', body)).body
  }
  const started = JSON.parse(await put({})) as { ships: { ship: Ship }[] }
  const first = started.ships[0]?.ship.pid ?? 0
  expect(started.ships).toMatchObject([{ action: 'start', ship: { status: 'running' } }])
  expect(isThere(first)).toBe(true)
  await place.untilLog('effect', /up/)
  const changed = JSON.parse(await put({ env: { A: '1' } })) as { ships: { ship: Ship }[] }
  const second = changed.ships[0]?.ship.pid ?? 0
  expect(changed.ships).toMatchObject([{ action: 'restart', ship: { status: 'running' } }])
  expect([first, second].map(isThere)).toEqual([false, true])
  await place.untilLog('effect', /(up\n[^]*){2}/)

  const restarted = Ship.parse(JSON.parse((await post('/v1/ships/effect/restart')).body))
  expect([second, restarted.pid ?? 0].map(isThere)).toEqual([false, true])
  await place.untilLog('effect', /(up\n[^]*){3}/)
  const stopped = Ship.parse(JSON.parse((await post('/v1/ships/effect/stop')).body))
  expect(stopped).toMatchObject({ status: 'stopped', exitCode: 0 })
  expect(isThere(restarted.pid ?? 0)).toBe(false)
  const again = Ship.parse(JSON.parse((await post('/v1/ships/effect/start', '')).body))
  expect(isThere(again.pid ?? 0)).toBe(true)
  await place.untilLog('effect', /(up\n[^]*){4}/)
  const killed = Ship.parse(JSON.parse((await post('/v1/ships/effect/stop', '{"graceMs": 1}')).body))
  expect(killed).toMatchObject({ status: 'stopped', signal: 'SIGKILL' })
  expect(isThere(again.pid ?? 0)).toBe(false)
})

test('a log is paged by position both ways, and comes back whole and in order', async () => {
  await place.ok('deploy', 'pages', '--', 'n=0; while [ $n -lt 95 ]; do n=$((n+1)); echo "line $n"; done')
  await place.until('pages', 'stopped')
  const whole = place.logOf('pages')
  const last = await curl('/v1/ships/pages/log?lines=10')
  expect(last.body).toBe(whole.split('\n').slice(85).join('\n'))
  let [text, from] = [last.body, last.headers['keelan-log-from'] ?? '']
  for (let page = 0; !from.endsWith(':0'); page += 1) {
    expect(page).toBeLessThan(20)
    const before = await curl(`/v1/ships/pages/log?lines=10&to=${from}`)
    text = before.body + text
    from = before.headers['keelan-log-from'] ?? ''
  }
  expect(text).toBe(whole)
  text = ''
  for (let page = 0; text.length < whole.length; page += 1) {
    expect(page).toBeLessThan(20)
    const after = await curl(`/v1/ships/pages/log?lines=10&from=${from}`)
    expect(after.body.split('\n').length).toBeLessThanOrEqual(11)
    text += after.body
    from = after.headers['keelan-log-to'] ?? ''
  }
  expect(text).toBe(whole)
  const entries = (await curl('/v1/ships/pages/log?format=json&grep=line%209.%24')).body.trim().split('\n')
  expect(entries.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(
    ['90', '91', '92', '93', '94', '95'].map((n) => `line ${n}`),
  )
  expect((await curl(`/v1/ships/pages/log?from=${from.replace(/\d+$/, '99999')}`)).status).toBe(410)
})

test('a followed log goes on with what is written', async () => {
  const go = join(place.folder, 'go')
  await place.ok(
    'deploy',
    'followed',
    '--',
    `echo one; while [ ! -e ${go} ]; do sleep 0.02; done; printf 'two\\nthr'; exec sleep 1000`,
  )
  await place.untilLog('followed', /one/)
  const follower = launch(curlWords('/v1/ships/followed/log?follow=true', ['-N']))
  await eventually(() => follower.stdout()).toBe('one\n')
  place.write('go', '')
  await eventually(() => follower.stdout()).toBe('one\ntwo\nthr')
})

test('the event stream begins with a snapshot and goes on with every event; `after` gives what was missed', async () => {
  await place.ok('deploy', 'eventful', '--no-start', '--', 'sleep', '1000')
  const follower = launch(curlWords('/v1/events?ship=eventful', ['-N']))
  await eventually(() => streamLines(follower.stdout())).toHaveLength(1)
  const [snapshot] = streamLines(follower.stdout())
  expect(snapshot).toMatchObject({ type: 'snapshot', reset: false, ships: [{ name: 'eventful', status: 'stopped' }] })
  const { stream, seq } = Snapshot.parse(snapshot)
  await place.ok('start', 'eventful')
  await place.ok('stop', 'eventful')
  const isLast = (line: StreamLine | undefined) => line?.type === 'event' && line.event.type === 'ship.stopped'
  await eventually(() => isLast(streamLines(follower.stdout()).at(-1))).toBe(true)
  const told = streamLines(follower.stdout()).slice(1)
  const types = told.map((line) => (line.type === 'event' ? line.event.type : line.type))
  expect(types).toEqual(['ship.starting', 'ship.running', 'ship.stopping', 'ship.exited', 'ship.stopped'])
  const missed = await curl(`/v1/events?ship=eventful&follow=false&stream=${stream}&after=${seq}`)
  expect(streamLines(missed.body)).toEqual(told)
  // The committed state, as it was with each.
  const running = told.find((line) => line.type === 'event' && line.event.type === 'ship.running')
  expect(running).toMatchObject({ event: { ship: { status: 'running', name: 'eventful' } } })
  for (const query of [`stream=another&after=${seq}`, `stream=${stream}&after=${seq + 1_000_000}`, `after=${seq}`]) {
    const [reset, ...rest] = streamLines((await curl(`/v1/events?follow=false&${query}`)).body)
    expect(reset, query).toMatchObject({ type: 'snapshot', reset: true, stream })
    expect(rest).toEqual([])
  }
})

test('openapi.json lists every route of the contract, and no other', async () => {
  const { openapi, paths } = JSON.parse((await curl('/v1/openapi.json')).body) as {
    openapi: string
    paths: Record<string, Record<string, unknown>>
  }
  expect(openapi).toMatch(/^3\.1\./)
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const inContract = Object.values(routes).map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
  expect(described.filter((route) => !route.endsWith('/openapi.json')).toSorted()).toEqual(inContract.toSorted())
})

test.each([
  ['an unknown ship', '/v1/ships/nosuch', [], 'SHIP_NOT_FOUND'],
  ['an unknown path', '/v1/nosuch', [], 'NOT_FOUND'],
  ['another method', '/v1/helper', ['-X', 'DELETE'], 'NOT_FOUND'],
  ['an unknown key', '/v1/helper/stop', [...json, '-d', '{"shipz": true}'], 'INVALID_REQUEST'],
  ['an unknown query', '/v1/ships?all=1', [], 'INVALID_REQUEST'],
  ['a body that is no JSON', '/v1/helper/stop', [...json, '-d', '{'], 'INVALID_REQUEST'],
  ['a body of another type', '/v1/helper/stop', ['-H', 'content-type: text/plain', '-d', '{}'], 'INVALID_REQUEST'],
  ['a name that climbs', '/v1/ships/..%2f..%2fetc', [], 'INVALID_REQUEST'],
  ['a path that climbs', '/v1/ships/../../etc/passwd', [], 'NOT_FOUND'],
  ['a web page', '/v1/helper', ['-H', 'Origin: http://localhost'], 'ORIGIN_REFUSED'],
  ['a web page without a name', '/v1/helper', ['-H', 'Origin: null'], 'ORIGIN_REFUSED'],
  ['a body over 1 MiB', '/v1/helper/stop', [...json, '--data-binary', '@large'], 'BODY_TOO_LARGE'],
] as const)('%s is refused in the one shape of errors', async (_, path, words, code) => {
  await place.ok('daemon', 'start')
  const large = place.write('large', `{"x": "${'x'.repeat(1_048_576)}"}`)
  const { status, body, headers } = await curl(path, ...words.map((word) => (word === '@large' ? `@${large}` : word)))
  expect(headers['content-type']).toMatch(/^application\/json/)
  expect(ErrorReply.parse(JSON.parse(body))).toMatchObject({ code })
  expect(status).toBe(errorTable[code].status)
  expect(await place.client.call('getHelper')).toMatchObject({ pid: place.helperPid() })
})

test('a consumer of events that does not read is dropped, and holds up neither the helper nor another consumer', async () => {
  const own = workplace()
  await own.ok('daemon', 'start')
  const idle = connect(own.paths.socket)
  idle.write('GET /v1/events HTTP/1.1\r\nhost: keelan\r\n\r\n')
  idle.pause()
  const reader: Running = launch(curlWords('/v1/events?follow=true', ['-N'], own.paths.socket))
  await eventually(() => reader.stdout()).toContain('snapshot')
  // The command is told with each event, so that there is something to wait for.
  const options = ['--backoff-initial', '1ms', '--backoff-max', '1ms', '--max-restarts', '700']
  await own.keelan(['deploy', 'busy', ...options, '--', 'sh', '-c', 'exit 1', 'x'.repeat(2_000)])
  await expect.poll(() => own.ship('busy'), { timeout: 50_000, interval: 100 }).toMatchObject({ status: 'failed' })
  expect(await own.ship('busy')).toMatchObject({ restarts: 700 })
  expect(own.helperLog()).toContain('a consumer of events that does not read was dropped')
  const { seq } = await own.client.call('listShips')
  const events = (): KeelanEvent[] =>
    streamLines(reader.stdout()).flatMap((line) => (line.type === 'event' ? [line.event] : []))
  await eventually(() => events().at(-1)?.seq).toBe(seq)
  const seqs = events().map((event) => event.seq)
  expect(seqs.length).toBeGreaterThan(2_000)
  expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index))
  // What reached the idle one before it was dropped ends somewhere in between.
  let received = ''
  idle.on('data', (chunk) => (received += String(chunk))).resume()
  await new Promise((resolve) => idle.once('close', resolve))
  expect(received).toContain('"snapshot"')
  expect(received).not.toContain(`"seq":${seq},`)
})

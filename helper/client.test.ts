import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { KeelanClient } from './client.ts'
import type { ConnectionState } from './client.ts'
import { createServer as createHelper } from './server/server.ts'
import { gate, testServer } from './server/test-server.ts'

const web = { params: { name: 'web' } }

function newSocketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-client-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'keelan.sock')
}

/** A helper that answers each connection with these bytes, and closes it. */
async function answering(bytes: string): Promise<KeelanClient> {
  const socketPath = newSocketPath()
  const server: Server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(bytes))
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  onTestFinished(() => void server.close())
  return new KeelanClient(socketPath)
}

test('gives replies, typed by the contract', async () => {
  const { socketPath } = await testServer()
  const client = new KeelanClient(socketPath)
  const { ships } = await client.call('listShips')
  expect(ships.map(({ name }) => name)).toEqual(['web', 'worker'])
  const { definition } = await client.call('getShip', { ...web, query: { env: 'true' } })
  expect(definition.name).toBe('web')
  expect((await client.call('stopShip', { ...web, body: { graceMs: 5 } })).status).toBe('stopped')
  expect(await client.call('listRuns', { ...web, query: { limit: 2, before: undefined } })).toEqual({ runs: [] })
})

test('turns error replies back into errors, with their way out', async () => {
  const { socketPath } = await testServer()
  const client = new KeelanClient(socketPath)
  const missing = client.call('startShip', { params: { name: 'nope' } })
  await expect(missing).rejects.toMatchObject({
    code: 'SHIP_NOT_FOUND',
    message: 'there is no ship nope',
    wayOut: expect.stringContaining('keelan ls'),
  })
  await expect(client.call('startShip', { params: { name: '../x' } })).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    details: [{ path: 'params.name' }],
  })
})

test('keeps the code of a newer helper readable', async () => {
  const client = await answering(
    'HTTP/1.1 418 X\r\nconnection: close\r\n\r\n{"code":"TOO_SHORT","message":"and stout","details":[1]}',
  )
  await expect(client.call('listShips')).rejects.toMatchObject({
    code: 'INTERNAL',
    message: 'TOO_SHORT: and stout',
    details: [1],
  })
})

test.each([
  'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<html>',
  'HTTP/1.1 502 X\r\nconnection: close\r\n\r\n"no"',
  'hello\r\n\r\n',
])('tells of a reply that it cannot read: %j', async (bytes) => {
  const client = await answering(bytes)
  await expect(client.call('listShips')).rejects.toMatchObject({ name: 'KeelanError', code: 'INTERNAL' })
})

test('says that no helper is running, for no socket, a stale one and a file', async () => {
  const socketPath = newSocketPath()
  const client = new KeelanClient(socketPath)
  const notRunning = { code: 'HELPER_NOT_RUNNING', message: expect.stringContaining(socketPath) }
  await expect(client.call('listShips')).rejects.toMatchObject(notRunning)
  await expect(client.events().next()).rejects.toMatchObject(notRunning)
  writeFileSync(socketPath, '')
  await expect(client.call('listShips')).rejects.toMatchObject(notRunning)
  await expect(new KeelanClient(`${socketPath}/x`).call('listShips')).rejects.toMatchObject({
    code: 'HELPER_NOT_RUNNING',
  })
  await expect(new KeelanClient('/'.padEnd(200, 'x')).call('listShips')).rejects.toMatchObject({
    code: 'SOCKET_PATH_TOO_LONG',
  })
})

test.each(['', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"ships":'])(
  'says that the helper went away after %j',
  async (bytes) => {
    const client = await answering(bytes)
    await expect(client.call('listShips')).rejects.toMatchObject({ code: 'HELPER_WENT_AWAY' })
  },
)

test('says that the helper went away in the middle of a stream', async () => {
  const client = await answering('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n')
  const { body } = await client.stream('readLog', web)
  const read = async () => {
    for await (const chunk of body) expect(String(chunk)).toBe('hello')
  }
  await expect(read()).rejects.toMatchObject({ code: 'HELPER_WENT_AWAY' })
})

test('says that a helper which accepts but does nothing does not answer, but waits for one that works', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const socketPath = newSocketPath()
  const server = createServer((socket) => socket.on('error', () => {}).resume())
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  onTestFinished(() => void server.close())
  const frozen = expect(new KeelanClient(socketPath).call('listShips')).rejects.toMatchObject({
    code: 'HELPER_NOT_ANSWERING',
  })
  await vi.advanceTimersByTimeAsync(10_000)
  await frozen
})

test('waits for a helper that accepted a request as long as it takes', async () => {
  const { socketPath, services } = await testServer()
  const [asked, ready] = [gate(), gate()]
  services.ships.stop = async () => {
    asked.open()
    await ready.opened
    return services.ships.snapshot().ships[0]!
  }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const stopped = new KeelanClient(socketPath).call('stopShip', web)
  await asked.opened
  // The word that it was accepted is under way.
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  await vi.advanceTimersByTimeAsync(3_600_000)
  ready.open()
  expect((await stopped).name).toBe('web')
})

test('sends no body that would be refused', async () => {
  const { socketPath } = await testServer()
  const shellEnvironment = { A: 'x'.repeat(1_048_576) }
  const request = { body: { ships: [], shellEnvironment } }
  await expect(new KeelanClient(socketPath).call('applyShips', request)).rejects.toMatchObject({
    code: 'BODY_TOO_LARGE',
  })
})

test('an aborted signal ends a call, a stream and its waiting with the reason', async () => {
  const { socketPath, services } = await testServer()
  writeFileSync(services.logFile('web'), 'x\n')
  services.ships.stop = () => new Promise(() => {})
  const client = new KeelanClient(socketPath)
  const ending = new AbortController()
  const why = new Error('enough')
  const call = expect(client.call('stopShip', web, ending.signal)).rejects.toBe(why)
  const { body } = await client.stream('readLog', { ...web, query: { follow: 'true' } }, ending.signal)
  const events = client.events({}, ending.signal)
  await events.next()
  const next = expect(events.next()).rejects.toBe(why)
  const failed = new Promise((resolve) => body.on('error', resolve))
  ending.abort(why)
  await Promise.all([call, next])
  expect(await failed).toBe(why)
  await expect(client.call('listShips', {}, ending.signal)).rejects.toBe(why)
})

test('tells every event exactly once over restarts of the helper while events go on', async () => {
  const { services, socketPath, server } = await testServer()
  const ending = new AbortController()
  const states: ConnectionState[] = []
  const seen: number[] = []
  const snapshots: boolean[] = []
  const reading = (async () => {
    for await (const line of new KeelanClient(socketPath).followEvents({}, ending.signal, (state) =>
      states.push(state),
    ))
      if (line.type === 'event') seen.push(line.event.seq)
      else if (line.type === 'snapshot') snapshots.push(line.reset)
  })()
  await vi.waitFor(() => expect(snapshots).toEqual([false]))
  const publishing = setInterval(() => services.publish('web'), 1)
  let current = server
  for (let i = 0; i < 5; i++) {
    const before = seen.length
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(before + 10), { timeout: 5_000 })
    await current.close()
    services.publish('web', 'while the helper is away')
    current = createHelper(services, { version: '2', log: console, onStopped: () => {} })
    await current.listen(socketPath)
  }
  clearInterval(publishing)
  await vi.waitFor(() => expect(seen.at(-1)).toBe(services.seq), { timeout: 5_000 })
  expect(seen).toEqual(Array.from({ length: services.seq - 2 }, (_, i) => i + 3))
  expect(snapshots).toEqual([false])
  expect(states).toEqual(['connected', ...Array(5).fill(['waiting', 'connected']).flat()])

  // Another database: what was known is worthless.
  await current.close()
  services.stream = 'stream-2'
  current = createHelper(services, { version: '2', log: console, onStopped: () => {} })
  await current.listen(socketPath)
  await vi.waitFor(() => expect(snapshots).toEqual([false, true]), { timeout: 5_000 })
  ending.abort()
  await reading
  await current.close()
})

test('waits for a helper that is not there yet', async () => {
  const { services, socketPath, server } = await testServer()
  await server.close()
  const states: ConnectionState[] = []
  const ending = new AbortController()
  const stream = new KeelanClient(socketPath).followEvents({ last: 1 }, ending.signal, (state) => states.push(state))
  const first = stream.next()
  await vi.waitFor(() => expect(states).toEqual(['waiting']))
  const late = createHelper(services, { version: '2', log: console, onStopped: () => {} })
  await late.listen(socketPath)
  expect((await first).value).toMatchObject({ type: 'event', event: { seq: 2 } })
  expect((await stream.next()).value).toMatchObject({ type: 'snapshot', seq: 2 })
  const next = stream.next()
  ending.abort()
  expect((await next).done).toBe(true)
  await late.close()
})

test('tells past events once, also if the helper goes away right after them', async () => {
  const event = (seq: number) => `${JSON.stringify({ type: 'event', event: { seq } })}\n`
  const snapshot = `${JSON.stringify({ type: 'snapshot', stream: 's', seq: 3, reset: false, ships: [] })}\n`
  const asked: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (request) => {
      asked.push(String(request).split(' ')[1]!)
      const told = [event(1) + event(2), event(1) + event(2) + event(3) + snapshot, event(4)][asked.length - 1]!
      socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${told}`)
    })
  })
  const socketPath = newSocketPath()
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  onTestFinished(() => void server.close())
  const told: (number | string)[] = []
  for await (const line of new KeelanClient(socketPath).followEvents({ last: 3 })) {
    told.push(line.type === 'event' ? line.event.seq : line.type)
    if (told.at(-1) === 4) break
  }
  expect(told).toEqual([1, 2, 3, 'snapshot', 4])
  expect(asked).toEqual(['/v1/events?last=3', '/v1/events?last=3', '/v1/events?stream=s&after=3'])
})

test('a helper that was frozen while it was followed is taken for gone, and for there once it goes on', async () => {
  const socketPath = newSocketPath()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.on('error', () => {})
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'))
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  onTestFinished(() => void server.close())
  const abort = new AbortController()
  const states: ConnectionState[] = []
  const client = new KeelanClient(socketPath, { longestSilenceMs: 200 })
  const lines = client.followEvents({}, abort.signal, (state) => states.push(state))
  const following = lines.next()
  await vi.waitFor(() => expect(states.slice(0, 3)).toEqual(['connected', 'waiting', 'connected']))
  expect(connections).toBeGreaterThan(1)
  abort.abort()
  await following
})

test('gives up following for a mistake of the caller', async () => {
  const { socketPath } = await testServer()
  const stream = new KeelanClient(socketPath).followEvents({ ship: '../x' })
  await expect(stream.next()).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
})

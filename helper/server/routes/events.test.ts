import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { StreamLine } from '../../api/events.ts'
import { KeelanClient } from '../../client.ts'
import type { EventOptions } from '../../client.ts'
import { testServer, type TestServer } from '../test-server.ts'

/** Every line, validated, until the stream ends. */
async function lines({ socketPath }: TestServer, options: EventOptions): Promise<StreamLine[]> {
  const all: StreamLine[] = []
  for await (const line of new KeelanClient(socketPath).events(options)) all.push(StreamLine.parse(line))
  return all
}

const seqs = (all: StreamLine[]): (number | string)[] =>
  all.map((line) => (line.type === 'event' ? line.event.seq : line.type))

test('begins with a snapshot, and goes on with what happens', async () => {
  const { services, socketPath } = await testServer()
  const stream = new KeelanClient(socketPath).events()
  expect((await stream.next()).value).toMatchObject({
    type: 'snapshot',
    stream: 'stream-1',
    seq: 2,
    reset: false,
    ships: [{ name: 'web' }, { name: 'worker' }],
  })
  services.publish('web', 'hello')
  expect((await stream.next()).value).toMatchObject({ type: 'event', event: { seq: 3, name: 'web', message: 'hello' } })
  await stream.return()
})

test('gives only what there is, if not to follow', async () => {
  const server = await testServer()
  for (let i = 0; i < 1_200; i++) server.services.publish()
  expect(seqs(await lines(server, { follow: false }))).toEqual(['snapshot'])
  expect(seqs(await lines(server, { follow: false, last: 2 }))).toEqual([1_201, 1_202, 'snapshot'])
  const missed = seqs(await lines(server, { follow: false, stream: 'stream-1', after: 2 }))
  expect(missed).toEqual(Array.from({ length: 1_200 }, (_, i) => i + 3))
  expect(await lines(server, { follow: false, stream: 'stream-1', after: 1_202 })).toEqual([])
})

test.each([
  ['a number without a stream', { after: 2 }],
  ['the number of another stream', { after: 2, stream: 'stream-0' }],
  ['a number older than what is kept', { after: 2, stream: 'stream-1' }],
  ['a number that was never given', { after: 99, stream: 'stream-1' }],
])('answers %s with a snapshot marked reset', async (_, options) => {
  const server = await testServer()
  for (let i = 0; i < 8; i++) server.services.publish()
  server.services.forgotten = 5
  expect(await lines(server, { ...options, follow: false })).toMatchObject([{ type: 'snapshot', seq: 10, reset: true }])
})

test('goes on after the oldest number that can be', async () => {
  const server = await testServer()
  for (let i = 0; i < 8; i++) server.services.publish()
  server.services.forgotten = 5
  expect(seqs(await lines(server, { stream: 'stream-1', after: 5, follow: false }))).toEqual([6, 7, 8, 9, 10])
})

test('tells of one ship only, if asked to', async () => {
  const server = await testServer()
  const { services, socketPath } = server
  services.publish('web')
  services.publish('worker')
  expect(await lines(server, { ship: 'worker', follow: false })).toMatchObject([{ ships: [{ name: 'worker' }] }])
  expect(seqs(await lines(server, { ship: 'worker', last: 10, follow: false }))).toEqual([2, 4, 'snapshot'])
  const stream = new KeelanClient(socketPath).events({ ship: 'worker', after: 2, stream: 'stream-1' })
  expect((await stream.next()).value).toMatchObject({ event: { seq: 4 } })
  services.publish('web')
  services.publish('worker')
  expect((await stream.next()).value).toMatchObject({ event: { seq: 6 } })
  await stream.return()
})

test('refuses last with after', async () => {
  const { send } = await testServer()
  expect((await send('/v1/events?last=3&after=2&stream=stream-1')).json).toMatchObject({ code: 'INVALID_REQUEST' })
})

test('loses and repeats nothing that happens while history is read', async () => {
  const server = await testServer()
  const { services, socketPath } = server
  for (let i = 0; i < 1_500; i++) services.publish()
  services.whileReading = async () => {
    services.publish()
    await new Promise((resolve) => setImmediate(resolve))
    services.publish()
  }
  const seen: number[] = []
  for await (const line of new KeelanClient(socketPath).events({ after: 2, stream: 'stream-1' })) {
    expect(line.type).toBe('event')
    if (line.type === 'event') seen.push(line.event.seq)
    if (seen.length === 1_500) services.publish('web', 'the last')
    if (line.type === 'event' && line.event.message === 'the last') break
  }
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i + 3))
  expect(seen.at(-1)).toBe(services.seq)
})

test('does not repeat an event that the snapshot included before it was told', async () => {
  const { services, socketPath } = await testServer()
  const stream = new KeelanClient(socketPath).events()
  expect((await stream.next()).value).toMatchObject({ type: 'snapshot', seq: 2 })
  for (const listener of services.listeners) listener(services.events[1]!)
  services.publish()
  expect((await stream.next()).value).toMatchObject({ event: { seq: 3 } })
  await stream.return()
})

test('says that it is alive when there was nothing to tell for 15 s, and up to where all was told', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const { services, socketPath } = await testServer()
  const stream = new KeelanClient(socketPath).events({ ship: 'web' })
  await stream.next()
  vi.advanceTimersByTime(14_999)
  services.publish('web')
  vi.advanceTimersByTime(14_999)
  services.publish('worker')
  vi.advanceTimersByTime(1)
  expect((await stream.next()).value).toMatchObject({ event: { seq: 3 } })
  expect((await stream.next()).value).toEqual({ type: 'heartbeat', seq: 4 })
  await stream.return()
})

test('drops a consumer that does not read, while others get everything', async () => {
  const { services, socketPath, raw, logged } = await testServer()
  const lazy = raw('GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n').pause()
  const stream = new KeelanClient(socketPath).events()
  await stream.next()
  await vi.waitFor(() => expect(services.listeners.size).toBe(1))
  const dropped = once(lazy, 'close')
  for (let i = 0; i < 60; i++) {
    const { seq } = services.publish('web', 'x'.repeat(100_000))
    expect((await stream.next()).value).toMatchObject({ event: { seq } })
  }
  expect(logged).toEqual([expect.stringContaining('does not read')])
  lazy.resume()
  await dropped
  await stream.return()
})

test('drops a consumer that does not read its history, once too much has happened', async () => {
  const { services, raw, logged } = await testServer()
  for (let i = 0; i < 20; i++) services.publish('web', 'x'.repeat(100_000))
  raw('GET /v1/events?after=0&stream=stream-1 HTTP/1.1\r\nhost: x\r\n\r\n').pause()
  await vi.waitFor(() => {
    services.publish('web', 'x'.repeat(100_000))
    expect(logged).toHaveLength(1)
  })
})

test('ends the stream of a client that half-closes its connection', async () => {
  const { socketPath, services } = await testServer()
  const socket = connect({ path: socketPath, allowHalfOpen: true })
  socket.write('GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(socket, 'data')
  socket.end()
  socket.resume()
  await once(socket, 'close')
  services.publish()
})

test('ends all streams when the server closes, and listens no more', async () => {
  const { server, services, socketPath } = await testServer()
  const streams = Array.from({ length: 20 }, () => new KeelanClient(socketPath).events())
  for (const stream of streams) expect((await stream.next()).value).toMatchObject({ type: 'snapshot' })
  await server.close()
  for (const stream of streams) expect((await stream.next()).done).toBe(true)
  expect(services.listeners.size).toBe(0)
})

import { expect, test, vi } from 'vitest'
import { StreamLine } from '../api/events.ts'
import { KeelanClient } from '../client.ts'
import { testServer, type TestServer } from './test-server.ts'

async function listen({ socketPath }: TestServer, query: Record<string, string> = { usage: 'true' }) {
  const { body } = await new KeelanClient(socketPath).stream('listEvents', { query })
  let text = ''
  body.on('data', (chunk) => (text += String(chunk)))
  body.on('error', () => {})
  const lines = (): StreamLine[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => StreamLine.parse(JSON.parse(line)))
  const usages = () => lines().filter((line) => line.type === 'usage')
  return { body, lines, usages }
}

test('who asks for usage gets a line soon after the snapshot, then one every 2 s, among the events', async () => {
  const server = await testServer()
  server.services.usages = { web: { cpuPercent: 12.5, memoryBytes: 4_096 } }
  const from = performance.now()
  const { lines, usages } = await listen(server)
  await vi.waitFor(() => expect(usages()).toHaveLength(1), { timeout: 5_000 })
  expect(performance.now() - from).toBeLessThan(1_500)
  expect(lines().map(({ type }) => type)).toEqual(['snapshot', 'usage'])
  expect(usages()[0]).toMatchObject({ ships: { web: { cpuPercent: 12.5, memoryBytes: 4_096 } } })
  server.services.publish('web')
  server.services.usages = {}
  await vi.waitFor(() => expect(usages()).toHaveLength(2), { timeout: 5_000 })
  expect(performance.now() - from).toBeGreaterThan(2_000)
  expect(lines().map(({ type }) => type)).toEqual(['snapshot', 'usage', 'event', 'usage'])
})

test('nothing is sampled unless somebody asks, and it ends when the last one leaves', async () => {
  const server = await testServer()
  const { services } = server
  const other = await listen(server, {})
  await vi.waitFor(() => expect(other.lines()).toHaveLength(1))
  expect(services.samples).toBe(0)
  const [first, second] = [await listen(server), await listen(server)]
  await vi.waitFor(() => expect(second.usages()).toHaveLength(1), { timeout: 5_000 })
  first.body.destroy()
  second.body.destroy()
  await vi.waitFor(() => expect(services.forgets).toBe(1))
  const { samples } = services
  // Longer than between two samples: what must not happen cannot be waited for.
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  expect(services.samples).toBe(samples)
  expect(other.usages()).toEqual([])
})

test('who comes later gets what is known at once; who asks for one ship gets that one', async () => {
  const server = await testServer()
  const usage = { cpuPercent: 1, memoryBytes: 1 }
  server.services.usages = { web: usage, worker: usage }
  const first = await listen(server)
  await vi.waitFor(() => expect(first.usages()).toHaveLength(1), { timeout: 5_000 })
  const from = performance.now()
  const second = await listen(server, { usage: 'true', ship: 'web' })
  await vi.waitFor(() => expect(second.usages()).toHaveLength(1))
  expect(performance.now() - from).toBeLessThan(1_000)
  expect(second.usages()[0]?.ships).toEqual({ web: usage })
})

test('a consumer that does not read misses usage lines, and is not dropped for them', async () => {
  const server = await testServer()
  // One line is larger than a socket and both its ends hold.
  const many = Array.from({ length: 20_000 }, (_, n) => [`ship-${n}`, { cpuPercent: 1, memoryBytes: 1 }])
  server.services.usages = Object.fromEntries(many)
  const socket = server.raw('GET /v1/events?usage=true HTTP/1.1\r\nhost: x\r\n\r\n')
  socket.pause()
  const reader = await listen(server)
  await vi.waitFor(() => expect(reader.usages().length).toBeGreaterThan(2), { timeout: 15_000 })
  expect(socket.destroyed).toBe(false)
  expect(server.logged).toEqual([])
  const [first, , third] = reader.usages().map(({ time }) => time)
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  socket.resume()
  await vi.waitFor(() => expect(text.split('"type":"usage"').length).toBeGreaterThan(2), { timeout: 10_000 })
  expect(text).toContain(first)
  expect(text).not.toContain(third)
})

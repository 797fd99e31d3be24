import { once } from 'node:events'
import { readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { SearchLine } from '../../api/ship.ts'
import { KeelanClient } from '../../client.ts'
import { testServer, type TestServer } from '../test-server.ts'

async function withLog(content: string | Buffer): Promise<TestServer & { log: string }> {
  const server = await testServer()
  const log = server.services.logFile('web')
  writeFileSync(log, content)
  return { ...server, log }
}

async function search({ send }: TestServer, query: Record<string, string>) {
  const { status, text, json, headers } = await send(
    `/v1/ships/web/log/search?${new URLSearchParams(query).toString()}`,
  )
  if (status !== 200) return { status, json, lines: [], offsets: [], done: undefined }
  expect(headers['content-type']).toBe('application/x-ndjson')
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => SearchLine.parse(JSON.parse(line)))
  const offsets = lines.flatMap((line) => (line.type === 'matches' ? line.offsets : []))
  return { status, json, lines, offsets, done: lines.at(-1) }
}

test('tells where the lines are that hold a text, and at last how many', async () => {
  const server = await withLog('Error one\nfine\nerror two\nERROR')
  expect((await search(server, { text: 'error' })).lines).toEqual([
    { type: 'matches', generation: 1, offsets: [0, 15, 25] },
    { type: 'done', count: 3, end: '1:30' },
  ])
  expect((await search(server, { text: 'error', case: 'true' })).offsets).toEqual([15])
  expect((await search(server, { text: 'r t?', regex: 'true' })).offsets).toEqual([0, 15])
  expect((await search(server, { text: 'nothing' })).lines).toEqual([{ type: 'done', count: 0, end: '1:25' }])
  expect((await search(server, { text: 'error', from: '1:15' })).offsets).toEqual([15, 25])
})

test('counts what is beyond the limit, and tells large results in several lines', async () => {
  const server = await withLog('x\n'.repeat(20_000))
  const limited = await search(server, { text: 'x', limit: '12000' })
  expect(limited.offsets).toEqual(Array.from({ length: 12_000 }, (_, n) => 2 * n))
  expect(limited.lines.length).toBeGreaterThan(3)
  expect(limited.done).toEqual({ type: 'done', count: 20_000, end: '1:40000' })
  expect(await search(server, { text: 'x', limit: '0' })).toMatchObject({ offsets: [], done: { count: 20_000 } })
})

test('says how far it is while it goes on', async () => {
  const server = await withLog(Buffer.alloc(300 * 1_048_576, `${'a'.repeat(99)}\n`))
  const { lines, done } = await search(server, { text: 'B' })
  const progress = lines.filter((line) => line.type === 'progress')
  expect(progress.length).toBeGreaterThan(0)
  expect(progress.map(({ searchedBytes }) => searchedBytes)).toEqual(
    progress.map(({ searchedBytes }) => searchedBytes).sort((a, b) => a - b),
  )
  expect(progress[0]?.totalBytes).toBe(300 * 1_048_576)
  expect(done).toMatchObject({ count: 0 })
})

test('a ship that has not written anything has nothing to be found', async () => {
  const server = await testServer()
  expect((await search(server, { text: 'x' })).lines).toEqual([{ type: 'done', count: 0, end: '1:0' }])
})

test.each<[Record<string, string>, string, RegExp]>([
  [{ text: '(', regex: 'true' }, 'INVALID_REQUEST', /query\.text: .*parenthesis|Unterminated/],
  [{ text: 'a\nb' }, 'INVALID_REQUEST', /query\.text: must be one line/],
  [{ text: '' }, 'INVALID_REQUEST', /query\.text/],
  [{ text: 'x', from: '1:4' }, 'LOG_POSITION_GONE', /truncated or replaced/],
  [{ text: 'x', from: '2:0' }, 'LOG_POSITION_GONE', /truncated or replaced/],
  [{ text: 'x', from: 'here' }, 'INVALID_REQUEST', /query\.from/],
  [{ text: 'x', stream: 'stderr' }, 'INVALID_REQUEST', /one log/],
])('refuses %j', async (query, code, message) => {
  const { json } = await search(await withLog('abc'), query)
  expect(json).toMatchObject({ code, message: expect.stringMatching(message) })
})

test('a pattern that never ends is refused, and the helper answers meanwhile', async () => {
  const server = await withLog(`${'a'.repeat(50)}b\n`)
  const refused = search(server, { text: '^(a+)+$', regex: 'true' })
  const from = performance.now()
  expect((await server.send('/v1/ships')).status).toBe(200)
  expect(performance.now() - from).toBeLessThan(1_000)
  expect(await refused).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } })
})

test('a log that is truncated while it is searched ends the reply before it is done', async () => {
  const server = await withLog(Buffer.alloc(200 * 1_048_576, 'abc\n'))
  const { body } = await new KeelanClient(server.socketPath).stream('searchLog', {
    params: { name: 'web' },
    query: { text: 'abc', case: 'true' },
  })
  let text = ''
  const ended = new Promise((resolve) => body.once('error', resolve).once('end', () => resolve('complete')))
  body.on('data', (chunk) => (text += String(chunk)))
  await vi.waitFor(() => expect(text).toContain('matches'))
  truncateSync(server.log, 100)
  expect(await ended).toBeInstanceOf(Error)
  expect(text).not.toContain('"done"')
})

test('ends at once when the client leaves', async () => {
  const server = await withLog(Buffer.alloc(200 * 1_048_576, 'abc\n'))
  const openLogs = (): number =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === server.log
      } catch {
        return false
      }
    }).length
  const { body } = await new KeelanClient(server.socketPath).stream('searchLog', {
    params: { name: 'web' },
    query: { text: '^(a|b)', regex: 'true' },
  })
  await once(body, 'data')
  expect(openLogs()).toBe(1)
  body.destroy()
  await vi.waitFor(() => expect(openLogs()).toBe(0))
  expect(server.logged).toEqual([])
})

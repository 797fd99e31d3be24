import { appendFileSync, readdirSync, readlinkSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { KeelanClient } from '../../client.ts'
import { testServer, type TestServer } from '../test-server.ts'

const ten = Array.from({ length: 10 }, (_, i) => `line ${i}\n`).join('')

async function withLog(content: string | Buffer): Promise<TestServer & { log: string }> {
  const server = await testServer()
  const log = server.services.logFile('web')
  writeFileSync(log, content)
  return { ...server, log }
}

/** A followed log, read as it comes. */
async function follow({ socketPath }: TestServer, query: object = {}) {
  const client = new KeelanClient(socketPath)
  const { body, headers } = await client.stream('readLog', {
    params: { name: 'web' },
    query: { follow: 'true', ...query },
  })
  const followed = { text: '', ended: false, body, headers }
  body.on('data', (chunk) => (followed.text += String(chunk)))
  body.on('error', () => {})
  body.on('end', () => (followed.ended = true))
  return followed
}

const openLogs = (log: string): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === log
    } catch {
      return false
    }
  }).length

test('gives all bytes as they are, with their positions', async () => {
  const bytes = Buffer.from([0xff, 0, 10, 0x1b, 0x5b, 0x31, 0x6d, 13, 10, 0xc3])
  const { socketPath } = await withLog(bytes)
  const { body, headers } = await new KeelanClient(socketPath).stream('readLog', { params: { name: 'web' } })
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk)
  expect(Buffer.concat(chunks)).toEqual(bytes)
  expect(headers).toMatchObject({ 'keelan-log-from': '1:0', 'keelan-log-to': '1:10', 'keelan-log-size': '1:10' })
})

test.each([
  ['', ten, '1:0', '1:70'],
  ['lines=2', 'line 8\nline 9\n', '1:56', '1:70'],
  ['lines=0', '', '1:70', '1:70'],
  ['lines=99', ten, '1:0', '1:70'],
  ['from=1:56', 'line 8\nline 9\n', '1:56', '1:70'],
  ['from=1:7&lines=1', 'line 1\n', '1:7', '1:14'],
  ['from=1:7&to=1:21', 'line 1\nline 2\n', '1:7', '1:21'],
  ['from=1:7&to=1:21&lines=5', 'line 1\nline 2\n', '1:7', '1:21'],
  ['to=1:21&lines=1', 'line 2\n', '1:14', '1:21'],
  ['bytes=20', 'line 8\nline 9\n', '1:56', '1:70'],
  ['from=1:7&bytes=20', 'line 1\nline 2\n', '1:7', '1:21'],
  ['from=1:7&bytes=20&lines=1', 'line 1\n', '1:7', '1:14'],
  ['from=1:7&bytes=3', 'lin', '1:7', '1:10'],
  ['to=1:21&bytes=20', 'line 1\nline 2\n', '1:7', '1:21'],
  ['to=1:21&bytes=3', ' 2\n', '1:18', '1:21'],
  ['from=1:21&to=1:7', '', '1:7', '1:7'],
  ['from=1:70', '', '1:70', '1:70'],
  ['grep=[37]', 'line 3\nline 7\n', '1:0', '1:70'],
  ['grep=.&lines=2', 'line 8\nline 9\n', '1:56', '1:70'],
  ['grep=[1-3]&lines=2', 'line 2\nline 3\n', '1:14', '1:70'],
  ['grep=[1-3]&lines=9', 'line 1\nline 2\nline 3\n', '1:7', '1:70'],
  ['grep=[2-9]&from=1:7&lines=2', 'line 2\nline 3\n', '1:7', '1:70'],
  ['grep=x&lines=2', '', '1:70', '1:70'],
  ['grep=.&lines=0', '', '1:70', '1:70'],
])('reads %s', async (query, text, from, to) => {
  const { send } = await withLog(ten)
  const reply = await send(`/v1/ships/web/log?${query}`)
  expect(reply.text).toBe(text)
  expect(reply.headers).toMatchObject({ 'keelan-log-from': from, 'keelan-log-to': to, 'keelan-log-size': '1:70' })
})

test('a log that does not exist yet is an empty one', async () => {
  const { send } = await testServer()
  const reply = await send('/v1/ships/web/log?format=json&grep=x')
  expect([reply.status, reply.text, reply.headers['keelan-log-size']]).toEqual([200, '', '1:0'])
})

test('gives lines as objects: positions, times and text, and the bytes of what is not text', async () => {
  const { send } = await withLog(Buffer.concat([Buffer.from('één\r\n\n'), Buffer.from([0xff, 10]), Buffer.from('end')]))
  const { text } = await send('/v1/ships/web/log?format=json')
  const entries = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/)
  expect(entries).toEqual([
    { position: '1:0', next: '1:7', time, exact: false, text: 'één\r' },
    { position: '1:7', next: '1:8', time, exact: false, text: '' },
    { position: '1:8', next: '1:10', time, exact: false, text: '\ufffd', base64: '/w==' },
    { position: '1:10', next: '1:13', time, exact: false, text: 'end' },
  ])
})

test.each([
  ['from=2:0', 'LOG_POSITION_GONE', { start: '1:0', end: '1:70' }],
  ['to=1:71', 'LOG_POSITION_GONE', { start: '1:0', end: '1:70' }],
  ['from=0:0', 'INVALID_REQUEST', null],
  ['grep=(', 'INVALID_REQUEST', null],
  ['follow=true&to=1:7', 'INVALID_REQUEST', null],
  ['follow=true&from=1:7&lines=1', 'INVALID_REQUEST', null],
  ['grep=x&bytes=1', 'INVALID_REQUEST', null],
  ['stream=stderr', 'INVALID_REQUEST', null],
])('refuses %s', async (query, code, details) => {
  const { send } = await withLog(ten)
  expect((await send(`/v1/ships/web/log?${query}`)).json).toMatchObject({ code, details })
})

test('names what is wrong with a regular expression', async () => {
  const { send } = await withLog(ten)
  const reply = await send('/v1/ships/web/log?grep=%28')
  expect(reply.json.message).toMatch(/^query\.grep: .*Unterminated group/)
})

test('refuses a pattern that never ends, and goes on answering meanwhile', async () => {
  const { send } = await withLog(`${'a'.repeat(40)}!\n`)
  const slow = send(`/v1/ships/web/log?grep=${encodeURIComponent('^(a+)+$')}`)
  expect((await send('/v1/ships')).status).toBe(200)
  expect((await slow).json).toMatchObject({ code: 'INVALID_REQUEST', message: expect.stringMatching(/^query\.grep: /) })
})

test('follows what is written, from the last lines on', async () => {
  const server = await withLog(ten)
  const followed = await follow(server, { lines: 1 })
  await vi.waitFor(() => expect(followed.text).toBe('line 9\n'))
  appendFileSync(server.log, 'not yet a line')
  await vi.waitFor(() => expect(followed.text).toBe('line 9\nnot yet a line'))
  followed.body.destroy()
})

test('follows the lines that match, whatever pieces they are written in', async () => {
  const server = await withLog(`${ten}good`)
  const followed = await follow(server, { grep: '9|goodbye|last', format: 'json', lines: 5 })
  await vi.waitFor(() => expect(followed.text).toMatch(/line 9/))
  appendFileSync(server.log, 'bye\nnothing\nlast')
  const texts = () =>
    followed.text
      .trim()
      .split('\n')
      .map((line) => [JSON.parse(line).position, JSON.parse(line).text])
  await vi.waitFor(() =>
    expect(texts()).toEqual([
      ['1:63', 'line 9'],
      ['1:70', 'goodbye'],
    ]),
  )
  // Last words without a newline are given too, after a while.
  await vi.waitFor(() => expect(texts().at(-1)).toEqual(['1:86', 'last']), { timeout: 5_000 })
  followed.body.destroy()
})

test.each(['raw', 'json'])('ends a followed log (%s) that was truncated or replaced', async (format) => {
  const server = await withLog(ten)
  const followedFor = async (line: string) => {
    const followed = await follow(server, { format })
    appendFileSync(server.log, `${line}\n`)
    await vi.waitFor(() => expect(followed.text).toContain(line))
    return followed
  }
  const truncated = await followedFor('before it was truncated')
  truncateSync(server.log, 0)
  await vi.waitFor(() => expect(truncated.ended).toBe(true), { timeout: 5_000 })
  const replaced = await followedFor('before it was replaced')
  writeFileSync(`${server.log}.new`, 'new\n')
  renameSync(`${server.log}.new`, server.log)
  await vi.waitFor(() => expect(replaced.ended).toBe(true), { timeout: 5_000 })
  const from = String(truncated.headers['keelan-log-to'])
  expect((await server.send(`/v1/ships/web/log?from=${from}`)).json).toMatchObject({
    code: 'LOG_POSITION_GONE',
    details: { start: '3:0', end: '3:4' },
  })
})

test('stops reading at once when the client leaves, and keeps no file open', async () => {
  const server = await withLog(`${'x'.repeat(1_000)}\n`.repeat(20_000))
  for (const query of [
    {},
    { format: 'json' },
    { grep: 'nothing' },
    { lines: 1 },
    { lines: 1, format: 'json', grep: 'x' },
  ]) {
    for (const follows of ['true', 'false']) {
      const { body } = await follow(server, { ...query, follow: follows })
      body.destroy()
    }
  }
  await vi.waitFor(() => expect(openLogs(server.log)).toBe(0))
})

test('stops searching at once when the client leaves before anything was found', async () => {
  const server = await withLog('')
  // Nothing but holes: takes no room, and long to search.
  truncateSync(server.log, 8_000_000_000)
  for (const query of ['grep=nothing', 'grep=nothing&lines=1', 'grep=nothing&lines=1&follow=true']) {
    const socket = server.raw(`GET /v1/ships/web/log?${query} HTTP/1.1\r\nhost: x\r\n\r\n`)
    await vi.waitFor(() => expect(openLogs(server.log)).toBeGreaterThan(0), { interval: 1 })
    socket.destroy()
    await vi.waitFor(() => expect(openLogs(server.log)).toBe(0))
  }
  expect(server.logged).toEqual([])
})

test('a reader of a large log that does not read costs next to no memory', async () => {
  const server = await withLog(Buffer.alloc(100_000_000, 'some line of a log\n'))
  const before = process.memoryUsage().rss
  const sockets = Array.from({ length: 5 }, () =>
    server.raw('GET /v1/ships/web/log?format=json HTTP/1.1\r\nhost: x\r\n\r\n').pause(),
  )
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000)
  for (const socket of sockets) socket.destroy()
  await vi.waitFor(() => expect(openLogs(server.log)).toBe(0))
})

test('ends a followed log when the server closes', async () => {
  const server = await withLog(ten)
  const followed = [await follow(server), await follow(server, { format: 'json' }), await follow(server, { grep: '9' })]
  for (const one of followed) await vi.waitFor(() => expect(one.text).toContain('line 9'))
  await server.server.close()
  await vi.waitFor(() => expect(followed.map(({ ended }) => ended)).toEqual([true, true, true]))
})

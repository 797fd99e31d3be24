import { appendFileSync, truncateSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { testServer } from '../../../helper/server/test-server.ts'
import { logSource, type Where } from './log-source.ts'
import { FakeLog } from './testing/fake-log.ts'

const source = logSource('web', 'stdout')
const { signal } = new AbortController()
const limits = { lines: 3, bytes: 40 }
const at = (offset: number) => ({ generation: 1, offset })
const text = `first\n\n${'é'.repeat(30)}\nsecond \x1b[31mred\x1b[0m\r\nlast`
const content = Buffer.concat([Buffer.from(text), Buffer.from([0xff, 10]), Buffer.from('end')])

/** The helper's own server behind `fetch`, with a log that holds `bytes`. */
async function withServer(bytes: Uint8Array) {
  const { services, socketPath } = await testServer()
  const file = services.logFile('web')
  writeFileSync(file, bytes)
  vi.stubGlobal('fetch', (path: string, init: RequestInit = {}) => {
    return new Promise<Response>((resolve, reject) => {
      const sent = request({ socketPath, path, agent: false, ...(init.signal && { signal: init.signal }) }, (reply) => {
        const headers = Object.entries(reply.headers).map(([name, value]): [string, string] => [name, String(value)])
        const body = Readable.toWeb(reply) as ReadableStream<Uint8Array>
        resolve(new Response(body, { status: reply.statusCode!, headers }))
      })
      sent.on('error', reject).end()
    })
  })
  return file
}

test('reads pages with whole lines, their places, times and true bytes', async () => {
  await withServer(content)
  const page = await source.page('end', { lines: 2, bytes: 1_000 }, signal)
  expect(page).toMatchObject({ generation: 1, to: content.length, size: content.length })
  expect(page.lines).toMatchObject([
    { text: 'last\ufffd', bytes: Uint8Array.from(Buffer.from([...Buffer.from('last'), 0xff])), length: 5 },
    { text: 'end', bytes: null, offset: content.length - 3, end: content.length, length: 3 },
  ])
  expect(page.lines[0]!.time).toBeGreaterThan(Date.now() - 60_000)
  expect(page.lines[0]!.exact).toBe(false)
})

test('the log that other tests use answers as the helper does', async () => {
  const places: Where[] = ['end']
  for (let offset = 0; offset <= content.length; offset += 3)
    places.push(
      { from: at(offset) },
      { to: at(offset) },
      { from: at(offset), to: at(Math.min(content.length, offset + 9)) },
    )
  const ask = async () => {
    const answers = []
    for (const where of places) {
      const { lines, ...page } = await source.page(where, limits, signal)
      // When a line was written is of no matter here.
      answers.push([where, page, lines.map((line) => ({ ...line, time: 0, exact: true }))])
      answers.push([where, await source.line(where, signal)])
    }
    answers.push(await source.bytes(at(3), 40, signal))
    answers.push(await source.page({ to: { generation: 9, offset: 1 } }, limits, signal).catch((error) => error.code))
    answers.push(await source.page({ from: at(10_000) }, limits, signal).catch((error) => error.code))
    return answers
  }
  await withServer(content)
  const real = await ask()
  vi.stubGlobal('fetch', new FakeLog(content).fetch)
  expect(await ask()).toEqual(real)
})

test('follows what is written, until the log is truncated', async () => {
  const file = await withServer(content)
  const stop = new AbortController()
  let followed = ''
  const following = (async () => {
    for await (const bytes of source.follow(at(content.length), stop.signal)) followed += Buffer.from(bytes).toString()
    return 'ended'
  })()
  appendFileSync(file, ' of it\nmore')
  await vi.waitFor(() => expect(followed).toBe(' of it\nmore'))
  truncateSync(file, 0)
  expect(await following).toBe('ended')
})

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { passOn } from './pass-on.ts'

const address = 'http://keelan/v1/ships'

/** A socket path, and a server on it that answers as told. */
async function helper(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ socket: string; server: Server }> {
  const socket = socketPath()
  const server = createServer(answer)
  server.listen(socket)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { socket, server }
}

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-pass-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'socket')
}

test('a request and its reply go through as they are, without Origin, cookies and the like', async () => {
  let seen: IncomingMessage | undefined
  let body = ''
  const { socket } = await helper((request, response) => {
    seen = request
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      response.writeHead(422, {
        'content-type': 'application/json',
        'keelan-log-size': '0:7',
        'keep-alive': 'timeout=5',
      })
      response.end('{"code":"FAILED_TO_START"}')
    })
  })
  const request = new Request(`${address}?x=1`, {
    method: 'PUT',
    body: '{"ships":[]}',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': 'somebody', authorization: 'x' },
  })
  const response = await passOn(request, socket)
  expect(seen?.method).toBe('PUT')
  expect(seen?.url).toBe('/v1/ships?x=1')
  expect(body).toBe('{"ships":[]}')
  expect(Object.keys(seen?.headers ?? {}).sort()).toEqual([
    'connection',
    'content-type',
    'expect',
    'host',
    'transfer-encoding',
  ])
  expect(response.status).toBe(422)
  expect(await response.json()).toEqual({ code: 'FAILED_TO_START' })
  expect(response.headers.get('keelan-log-size')).toBe('0:7')
  expect(response.headers.get('keep-alive')).toBeNull()
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('a request without a body is sent as one, which the helper tells from one of an unknown type', async () => {
  let seen: IncomingMessage['headers'] = {}
  const { socket } = await helper((request, response) => {
    seen = request.headers
    response.end('{}')
  })
  await passOn(new Request('http://keelan/v1/ships/web/start', { method: 'POST' }), socket)
  expect(seen).toMatchObject({ 'content-length': '0' })
  expect(seen).not.toHaveProperty('transfer-encoding')
})

/** Node's own Request keeps this header to itself. */
const from = (origin: string, method = 'POST') =>
  ({
    method,
    url: 'http://keelan/v1/helper/stop',
    headers: new Headers([['Origin', origin]]),
    body: null,
    signal: new AbortController().signal,
  }) as Request

test('a request of the window has its Origin taken off, one of any other page is refused', async () => {
  const origins: unknown[] = []
  const { socket } = await helper((request, response) => {
    origins.push(request.headers.origin)
    response.end('{}')
  })
  expect((await passOn(from('app://keelan'), socket)).status).toBe(200)
  for (const origin of ['https://evil.example', 'null', 'app://elsewhere'])
    expect(await (await passOn(from(origin), socket)).json()).toMatchObject({ code: 'ORIGIN_REFUSED' })
  expect(origins).toEqual([undefined])
})

test('what is no route of the contract never reaches the helper', async () => {
  let asked = 0
  const { socket } = await helper((_, response) => {
    asked += 1
    response.end()
  })
  const response = await passOn(new Request('http://keelan/v1/secrets'), socket)
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' })
  expect(asked).toBe(0)
})

test('without a helper the reply is the one that the contract has for it', async () => {
  const response = await passOn(new Request(address), socketPath())
  expect(response.status).toBe(503)
  expect(await response.json()).toEqual({
    code: 'HELPER_NOT_RUNNING',
    message: 'the helper is not running',
    details: null,
  })
})

test('a helper that goes away before it answers is said', async () => {
  const { socket } = await helper((request) => request.socket.destroy())
  expect(await (await passOn(new Request(address), socket)).json()).toMatchObject({ code: 'HELPER_WENT_AWAY' })
})

test('a helper that accepts connections and says nothing is said, after 10 s', { timeout: 20_000 }, async () => {
  const socket = socketPath()
  const server = createSocketServer(() => {})
  server.listen(socket)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  expect(await (await passOn(new Request(address), socket)).json()).toMatchObject({ code: 'HELPER_NOT_ANSWERING' })
})

test('a stream arrives as it is written', async () => {
  let write: (text: string) => void = () => {}
  const { socket } = await helper((_, response) => {
    write = (text) => response.write(text)
    write('one\n')
  })
  const reader = (await passOn(new Request('http://keelan/v1/events'), socket)).body!.getReader()
  const next = async () => Buffer.from((await reader.read()).value as Uint8Array).toString()
  expect(await next()).toBe('one\n')
  write('two\n')
  expect(await next()).toBe('two\n')
  await reader.cancel()
})

test.each(['aborting the request', 'leaving the reply'])('%s ends the side of the helper', async (way) => {
  const abort = new AbortController()
  let left = false
  const { socket } = await helper((_, response) => {
    response.on('close', () => (left = true))
    response.write('one\n')
  })
  const response = await passOn(new Request('http://keelan/v1/events', { signal: abort.signal }), socket)
  const reader = response.body!.getReader()
  await reader.read()
  if (way === 'aborting the request') {
    abort.abort()
    await expect(reader.read()).rejects.toThrow()
  } else await reader.cancel()
  await expect.poll(() => left).toBe(true)
})

test('a page that does not read on keeps the helper from sending on', async () => {
  let sent = 0
  const { socket } = await helper((_, response) => {
    const more = () => {
      while (!response.destroyed && sent < 500_000_000) {
        sent += 65_536
        if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more)
      }
    }
    more()
  })
  const reader = (await passOn(new Request('http://keelan/v1/events'), socket)).body!.getReader()
  await reader.read()
  await expect
    .poll(() => {
      const before = sent
      return new Promise((resolve) => setTimeout(() => resolve(sent - before), 200))
    })
    .toBe(0)
  expect(sent).toBeLessThan(10_000_000)
  await reader.cancel()
})

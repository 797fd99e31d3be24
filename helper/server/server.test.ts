import { existsSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { errorTable } from '../api/errors.ts'
import { createServer } from './server.ts'
import { allOf, gate, testServer } from './test-server.ts'
import { TestServices } from './test-services.ts'

const json = { 'content-type': 'application/json' }

test('gives ships, the helper and runs', async () => {
  const { send } = await testServer()
  expect((await send('/v1/ships')).json).toMatchObject({
    stream: 'stream-1',
    seq: 2,
    ships: [{ name: 'web' }, { name: 'worker' }],
  })
  expect((await send('/v1/ships/web?env=true')).json).toMatchObject({ definition: { name: 'web' } })
  expect((await send('/v1/helper')).json).toMatchObject({ version: '1.2.3' })
  expect((await send('/v1/ships/web/runs?limit=3')).json).toEqual({ runs: [] })
})

test('commands ships, with a body, with an empty one and with none', async () => {
  const { send } = await testServer()
  const post = { method: 'POST' }
  expect((await send('/v1/ships/web/stop', { ...post, headers: json, body: '{"graceMs":5}' })).json).toMatchObject({
    status: 'stopped',
  })
  expect((await send('/v1/ships/web/restart', { ...post, headers: json })).json).toMatchObject({ status: 'running' })
  expect((await send('/v1/ships/web/start', post)).json).toMatchObject({ status: 'running' })
  expect((await send('/v1/ships/web?deleteLog=1', { method: 'DELETE' })).json).toEqual({
    name: 'web',
    keptLogFiles: [],
  })
  expect((await send('/v1/ships/web')).status).toBe(404)
})

const refusals: [what: string, path: string, options: object, code: keyof typeof errorTable, message: RegExp][] = [
  ['an Origin header', '/v1/ships', { headers: { origin: 'http://localhost' } }, 'ORIGIN_REFUSED', /Origin/],
  ['an Origin header on an unknown path', '/x', { headers: { origin: '' } }, 'ORIGIN_REFUSED', /Origin/],
  ['an unknown path', '/v1/nothing', {}, 'NOT_FOUND', /there is no \/v1\/nothing/],
  ['a path with a slash too many', '/v1/ships/web/', {}, 'NOT_FOUND', /there is no/],
  [
    'a method that the path does not take',
    '/v1/ships',
    { method: 'PATCH' },
    'NOT_FOUND',
    /does not take PATCH, but GET and PUT/,
  ],
  ['a method that nothing takes', '/v1/ships/web', { method: 'PROPFIND' }, 'NOT_FOUND', /GET and DELETE/],
  ['a path that cannot be decoded', '/v1/ships/%zz', {}, 'INVALID_REQUEST', /%zz/],
  ['an unknown ship', '/v1/ships/nope', {}, 'SHIP_NOT_FOUND', /nope/],
  [
    'an unknown key of a query',
    '/v1/ships/web?environ=1',
    {},
    'INVALID_REQUEST',
    /^query: .*"environ".*known are env$/,
  ],
  ['a query where none is known', '/v1/ships?x=1', {}, 'INVALID_REQUEST', /"x"; there are none$/],
  ['a value of another kind', '/v1/ships/web/runs?limit=many', {}, 'INVALID_REQUEST', /^query\.limit: expected number/],
  ['a value given twice', '/v1/events?stream=a&stream=b', {}, 'INVALID_REQUEST', /^query\.stream: expected string/],
  [
    'malformed JSON',
    '/v1/ships',
    { method: 'PUT', headers: json, body: '{"ships":' },
    'INVALID_REQUEST',
    /^body: .*JSON/,
  ],
  [
    'a body that is no object',
    '/v1/ships',
    { method: 'PUT', headers: json, body: 'null' },
    'INVALID_REQUEST',
    /^body: expected object/,
  ],
  [
    'an unknown key of a body',
    '/v1/helper/stop',
    { method: 'POST', headers: json, body: '{"ship":true}' },
    'INVALID_REQUEST',
    /"ship"; known are ships$/,
  ],
  [
    'a prototype in a body',
    '/v1/helper/stop',
    { method: 'POST', headers: json, body: '{"__proto__":{"ships":true}}' },
    'INVALID_REQUEST',
    /__proto__/,
  ],
  [
    'a fault deep in a body',
    '/v1/ships',
    {
      method: 'PUT',
      headers: json,
      body: '{"ships":[{"name":"../x","command":7}],"shellEnvironment":{}}',
    },
    'INVALID_REQUEST',
    /^body\.ships\[0\]\.name: must be 1 to 63 of .*command: expected string, received number, or expected tuple/,
  ],
  [
    'another content type',
    '/v1/helper/stop',
    { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' },
    'INVALID_REQUEST',
    /application\/json/,
  ],
  [
    'a form',
    '/v1/helper/stop',
    { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'ships=1' },
    'INVALID_REQUEST',
    /application\/json/,
  ],
  ['an expectation that cannot be met', '/v1/ships', { headers: { expect: 'wonders' } }, 'INVALID_REQUEST', /expect/],
  [
    'a body of 1 MiB and a byte',
    '/v1/ships',
    { method: 'PUT', headers: json, body: ' '.repeat(1_048_577) },
    'BODY_TOO_LARGE',
    /1048576/,
  ],
]

test.each(refusals)('refuses %s', async (_, path, options, code, message) => {
  const { send, logged } = await testServer()
  const { status, json: reply } = await send(path, options)
  expect(reply).toEqual({ code, message: expect.stringMatching(message), details: reply.details })
  expect(reply.message).not.toMatch(/\n/)
  expect(status).toBe(errorTable[code].status)
  expect(logged).toEqual([])
})

test.each([
  '..',
  '../x',
  '..%2fx',
  '%2e%2e',
  '%2e%2e%2fx',
  '%252e%252e',
  '.%2e',
  '%00',
  'web%00',
  'web%2f',
  '.hidden',
  'WEB',
  'w%0ab',
  'a'.repeat(64),
  'a'.repeat(9_000),
])('refuses the name %j', async (name) => {
  const { send, services } = await testServer()
  for (const path of [`/v1/ships/${name}`, `/v1/ships/${name}/log`, `/v1/ships/${name}/runs`])
    expect([400, 404]).toContain((await send(path)).status)
  expect((await send(`/v1/ships/${name}`, { method: 'DELETE' })).json).toMatchObject({
    code: expect.stringMatching(/INVALID_REQUEST|NOT_FOUND/),
  })
  expect(services.definitions.size).toBe(2)
})

test('takes a body of exactly 1 MiB', async () => {
  const { send } = await testServer()
  const body = '{}'.padEnd(1_048_576)
  expect((await send('/v1/helper/stop', { method: 'POST', headers: json, body })).json).toEqual({ stoppedShips: [] })
})

test('refuses a chunked body once it is too large, and gets the refusal across', async () => {
  const { raw } = await testServer()
  const socket = raw(
    'PUT /v1/ships HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
  )
  for (let i = 0; i < 40; i++) socket.write(`8000\r\n${' '.repeat(0x8000)}\r\n`)
  expect(await allOf(socket)).toMatch(/^HTTP\/1.1 413 [^]*BODY_TOO_LARGE/)
})

test('answers what is not HTTP in the same shape', async () => {
  const { raw } = await testServer()
  const reply = await allOf(raw('hello\r\n\r\n'))
  expect(reply).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
  expect(JSON.parse(reply.slice(reply.indexOf('\r\n\r\n')))).toMatchObject({ code: 'INVALID_REQUEST' })
})

test('answers a client that half-closes its connection, also if its reply takes a while', async () => {
  const { socketPath, services } = await testServer()
  const half = { path: socketPath, allowHalfOpen: true }
  const plain = connect(half).end('GET /v1/ships HTTP/1.1\r\nhost: x\r\n\r\n')
  expect(await allOf(plain)).toMatch(/^HTTP\/1.1 200 [^]*"worker"/)

  const [asked, answered] = [gate(), gate()]
  services.ships.start = async () => {
    asked.open()
    await answered.opened
    return services.ships.snapshot().ships[0]!
  }
  const slow = connect(half).end('POST /v1/ships/web/start HTTP/1.1\r\nhost: x\r\n\r\n')
  const reply = allOf(slow)
  await asked.opened
  // Long enough for the end of the request to arrive.
  await new Promise((resolve) => setTimeout(resolve, 20))
  answered.open()
  expect(await reply).toMatch(/^HTTP\/1.1 200 [^]*"web"/)
})

test('keeps what a bug says to itself, and writes it to the log', async () => {
  const { send, services, logged } = await testServer()
  services.ships.detail = () => Promise.reject(new Error('secret words'))
  const { status, text, json: reply } = await send('/v1/ships/web')
  expect(status).toBe(500)
  expect(reply).toEqual({ code: 'INTERNAL', message: expect.stringContaining('log'), details: null })
  expect(text).not.toMatch(/secret|at .*\.ts/)
  expect(logged).toEqual([expect.stringMatching(/secret words\n +at /)])
})

test('sends the reply to a stop before it says that the helper may end', async () => {
  const onStopped = vi.fn(() => void server.close())
  const { send, server, socketPath } = await testServer({ onStopped })
  const reply = await send('/v1/helper/stop', { method: 'POST', headers: json, body: '{"ships":true}' })
  expect(reply.json).toEqual({ stoppedShips: ['web', 'worker'] })
  await vi.waitFor(() => expect(onStopped).toHaveBeenCalledOnce())
  await vi.waitFor(() => expect(existsSync(socketPath)).toBe(false))
})

test('closes at once, whatever is connected, and lets a reply under way be sent', async () => {
  const { server, services, send, raw } = await testServer()
  raw('')
  raw('GET /v1/ships HTTP/1.1\r\nhost: x\r\n\r\n')
  raw('GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n')
  raw('POST /v1/ships HTTP/1.1\r\nhost: x\r\ncontent-le')
  writeFileSync(services.logFile('web'), 'one\n')
  raw('GET /v1/ships/web/log?follow=true HTTP/1.1\r\nhost: x\r\n\r\n')
  const [begun, ready] = [gate(), gate()]
  services.ships.stop = async () => {
    begun.open()
    await ready.opened
    return services.ships.snapshot().ships[0]!
  }
  const late = send('/v1/ships/web/stop', { method: 'POST' })
  await begun.opened
  const closed = server.close()
  ready.open()
  expect((await late).status).toBe(200)
  await closed
})

test('answers HELPER_STOPPING on a connection that was there before it began to close', async () => {
  const { server, services, raw } = await testServer()
  const [begun, ready] = [gate(), gate()]
  services.ships.start = async () => {
    begun.open()
    await ready.opened
    return services.ships.snapshot().ships[0]!
  }
  const socket = raw('POST /v1/ships/web/start HTTP/1.1\r\nhost: x\r\n\r\n')
  const replies = allOf(socket)
  await begun.opened
  const closed = server.close()
  socket.write('GET /v1/ships HTTP/1.1\r\nhost: x\r\n\r\n')
  await new Promise((resolve) => setTimeout(resolve, 20))
  ready.open()
  await closed
  expect(await replies).toMatch(/^HTTP\/1.1 200 [^]*HTTP\/1.1 503 [^]*HELPER_STOPPING/)
})

test('lets only its owner use the socket, and takes the place of a stale one', async () => {
  const { server, socketPath } = await testServer()
  expect(statSync(socketPath).mode & 0o777).toBe(0o600)
  await server.close()
  writeFileSync(socketPath, '')
  const next = createServer(new TestServices('/'), { version: '1', log: console, onStopped: () => {} })
  await next.listen(socketPath)
  expect(statSync(socketPath).isSocket()).toBe(true)
  await next.close()
})

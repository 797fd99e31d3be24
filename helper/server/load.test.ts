import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { routes } from '../api/routes.ts'
import { KeelanClient } from '../client.ts'
import { testServer } from './test-server.ts'

const descriptors = () => readdirSync('/proc/self/fd').length

test('answers 500 connections at once', async () => {
  const { socketPath } = await testServer()
  const client = new KeelanClient(socketPath)
  const replies = await Promise.all(Array.from({ length: 500 }, () => client.call('listShips')))
  expect(replies.every(({ ships }) => ships.length === 2)).toBe(true)
})

test('keeps nothing of 2,000 connections one after another, streams among them', async () => {
  const { socketPath, services } = await testServer()
  const warned = vi.fn()
  process.on('warning', warned)
  onTestFinished(() => void process.off('warning', warned))
  const client = new KeelanClient(socketPath)
  await client.call('listShips')
  const before = descriptors()
  for (let i = 0; i < 1_000; i++) {
    await client.call('getShip', { params: { name: 'web' } })
    const stream = client.events()
    await stream.next()
    await stream.return()
  }
  await vi.waitFor(() => expect(descriptors()).toBeLessThanOrEqual(before))
  expect(services.listeners.size).toBe(1)
  expect(warned).not.toHaveBeenCalled()
})

test('keeps nothing of 1,000 requests on one connection', async () => {
  const { socketPath, services } = await testServer()
  writeFileSync(services.logFile('web'), 'one\n')
  const warned = vi.fn()
  process.on('warning', warned)
  onTestFinished(() => void process.off('warning', warned))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const sockets = new Set()
  for (let i = 0; i < 1_000; i++) {
    const path = `/v1/ships/web/log?${i % 2 ? 'lines=1' : 'format=json'}`
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ socketPath, path, agent }, resolve).on('error', reject)
    })
    sockets.add(response.socket)
    expect(await text(response)).toMatch('one')
  }
  expect(sockets.size).toBe(1)
  expect(warned).not.toHaveBeenCalled()
})

test('answers requests that come all at once on one connection, in their order', async () => {
  const { raw, services } = await testServer()
  writeFileSync(services.logFile('web'), 'one\ntwo\n')
  const ask = (query: string) => `GET /v1/ships/web/log?${query} HTTP/1.1\r\nhost: x\r\n`
  const socket = raw(
    `${ask('grep=one')}\r\n${ask('grep=two')}\r\n${ask('lines=0')}\r\n${ask('')}connection: close\r\n\r\n`,
  )
  const bodies = (await text(socket)).split(/HTTP\/1.1 200 OK\r\n/).map((reply) => reply.match(/^(one|two)$/gm))
  expect(bodies).toEqual([null, ['one'], ['two'], null, ['one', 'two']])
})

test('holds up nobody for clients that send slowly or not at all', async () => {
  const { raw, send } = await testServer()
  for (let i = 0; i < 200; i++)
    raw(
      [
        '',
        'GET /v1/sh',
        'PUT /v1/ships HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
      ][i % 3]!,
    )
  expect((await send('/v1/ships')).status).toBe(200)
})

const word = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    'web',
    'worker',
    '%',
    '%2e%2e',
    '%00',
    '%ff',
    'true',
    'null',
    '0',
    '-1',
    '1e9',
    '1:0',
    '1:99',
    '(',
    '[]',
    '{}',
    '{"ships":[]}',
    '[{}]',
  ),
  fc.string({ maxLength: 20 }),
  fc.json(),
)
const printable = word.map((part) => part.replace(/[^\x21-\x7e]/g, '') || 'x')
const knownPath = fc
  .tuple(
    fc.constantFrom(...Object.values(routes).map(({ path }) => path), '/v1/openapi.json'),
    fc.oneof(fc.constantFrom('web', 'worker'), printable),
  )
  .map(([path, name]) => path.replace(':name', name))
const path = fc.oneof(
  { weight: 4, arbitrary: knownPath },
  { weight: 1, arbitrary: fc.array(printable).map((parts) => `/${parts.join('/')}`) },
)
const key = fc.oneof(
  fc.constantFrom(
    'env',
    'limit',
    'before',
    'lines',
    'from',
    'to',
    'since',
    'grep',
    'format',
    'stream',
    'after',
    'last',
    'ship',
    'deleteLog',
    '__proto__',
    'constructor',
  ),
  printable,
)
const query = fc
  .array(fc.tuple(key, word), { maxLength: 4 })
  .map((pairs) => pairs.map(([name, value]) => `&${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join(''))
const body = fc.oneof(
  fc.constant(undefined),
  word,
  fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
)

test('answers no request with 500, and stands, whatever is asked', async () => {
  const { send, logged, services } = await testServer()
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'),
      path,
      query,
      fc.constantFrom(
        'application/json',
        'application/json',
        'text/plain',
        '',
        'x',
        'application/json; charset=utf-16',
      ),
      body,
      async (method, where, asked, type, sent) => {
        const options = { method, headers: { 'content-type': type }, ...(sent !== undefined && { body: sent }) }
        const { status, json } = await send(`${where}?follow=false${asked}`, options)
        expect(status).toBeLessThan(500)
        expect(status === 200 || method === 'HEAD' || Object.keys(json).join()).toBeOneOf([
          true,
          'code,message,details',
        ])
      },
    ),
    { numRuns: 1_000 },
  )
  expect(logged).toEqual([])
  expect(services.listeners.size).toBe(1)
  expect((await send('/v1/ships')).status).toBe(200)
})

test('stands whatever bytes come in', async () => {
  const { socketPath, send, logged } = await testServer()
  const piece = fc.oneof(
    fc.constantFrom(
      'GET /v1/ships HTTP/1.1\r\n',
      'POST /v1/helper/stop HTTP/1.1\r\n',
      'host: x\r\n',
      'content-length: 5\r\n',
      'content-length: -1\r\n',
      'transfer-encoding: chunked\r\n',
      'transfer-encoding: gzip\r\n',
      'connection: upgrade\r\nupgrade: h2c\r\n',
      'expect: 100-continue\r\n',
      'CONNECT x:1 HTTP/1.1\r\n',
      'content-type: application/json\r\n',
      '\r\n',
      '5\r\n',
      '{"a":',
      `x: ${'y'.repeat(20_000)}\r\n`,
    ),
    fc.string(),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      const socket = connect(socketPath)
      socket.on('error', () => {}).on('data', () => {})
      for (const part of pieces) socket.write(part)
      socket.end()
      await Promise.race([once(socket, 'close').catch(() => {}), sleep(20)])
      socket.destroy()
    }),
    { numRuns: 300 },
  )
  expect((await send('/v1/ships')).status).toBe(200)
  expect(logged).toEqual([])
})

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { KeelanEvent, StreamLine } from '../../helper/api/events.ts'
import type { Ship } from '../../helper/api/ship.ts'
import { KeelanClient } from '../../helper/client.ts'
import { Fleet } from './fleet.ts'

const ship = (name: string, status: Ship['status'] = 'running') => ({ name, status }) as Ship
const snapshot = (seq: number, ...ships: Ship[]): StreamLine => ({
  type: 'snapshot',
  stream: 's',
  seq,
  reset: true,
  ships,
})
const event = (seq: number, type: KeelanEvent['type'], name: string | null, after: Ship | null): StreamLine => ({
  type: 'event',
  event: { seq, time: '2026-11-22T10:00:00.000Z', type, name, message: type, ship: after },
})

let socket: string
let fleet: Fleet
let log: string[]

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-fleet-'))
  socket = join(folder, 'socket')
  log = []
  fleet = new Fleet(new KeelanClient(socket), (error) => log.push(String(error)))
  fleet.listen({
    connected: () => log.push('connected'),
    lost: () => log.push('lost'),
    happened: ({ type }) => log.push(type),
    changed: () => log.push(fleet.ships.map(({ name, status }) => `${name} ${status}`).join(', ')),
  })
  return () => {
    fleet.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

/** A helper whose event stream is written by hand. */
async function helper(): Promise<{ say(...lines: StreamLine[]): void; end(): Promise<void> }> {
  let stream: ServerResponse | null = null
  const server: Server = createServer((_, response) => {
    stream = response
    response.flushHeaders()
  })
  server.listen(socket)
  await once(server, 'listening')
  const end = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(end)
  return {
    say: (...lines) => lines.forEach((line) => stream!.write(`${JSON.stringify(line)}\n`)),
    end,
  }
}

const told = () => expect.poll(() => log)

test('the ships are those of the snapshot, then of each event', async () => {
  const { say } = await helper()
  fleet.follow()
  await told().toEqual(['connected'])
  say(snapshot(1, ship('web'), ship('api', 'stopped')))
  await told().toEqual(['connected', 'api stopped, web running'])
  say(event(2, 'ship.exited', 'web', ship('web', 'backoff')))
  await told().toEqual(['connected', 'api stopped, web running', 'ship.exited', 'api stopped, web backoff'])
  say(event(3, 'ship.removed', 'api', null), event(4, 'settings.changed', null, null))
  await told().toEqual([
    'connected',
    'api stopped, web running',
    'ship.exited',
    'api stopped, web backoff',
    'ship.removed',
    'web backoff',
    'settings.changed',
  ])
})

test('while the helper is away the ships are what they were; then they are as it says', async () => {
  const first = await helper()
  fleet.follow()
  await told().toEqual(['connected'])
  first.say(snapshot(1, ship('web')))
  await told().toEqual(['connected', 'web running'])
  await first.end()
  await told().toEqual(['connected', 'web running', 'lost'])
  expect(fleet.ships.map(({ name }) => name)).toEqual(['web'])
  const second = await helper()
  await told().toEqual(['connected', 'web running', 'lost', 'connected'])
  second.say(snapshot(1, ship('api')))
  await told().toEqual(['connected', 'web running', 'lost', 'connected', 'api running'])
})

test('told that the helper was started, it looks at once, however long it has waited', async () => {
  fleet.follow()
  // By now it looks only every two seconds.
  await new Promise((resolve) => setTimeout(resolve, 1_600))
  await helper()
  const beganMs = performance.now()
  fleet.follow()
  await told().toEqual(['connected'])
  expect(performance.now() - beganMs).toBeLessThan(500)
})

test('told of a helper that has gone again by then, it says so', async () => {
  fleet.follow()
  fleet.follow(true)
  await told().toEqual(['lost'])
  await helper()
  await told().toEqual(['lost', 'connected'])
})

test('a listener that fails is noted, and the ships go on being followed', async () => {
  const { say } = await helper()
  let isBroken = true
  fleet.listen({
    happened: () => {
      if (isBroken) throw new Error('broken')
    },
  })
  fleet.follow()
  await told().toEqual(['connected'])
  say(snapshot(1, ship('web')), event(2, 'ship.exited', 'web', ship('web', 'backoff')))
  await told().toContain('Error: broken')
  isBroken = false
  await expect
    .poll(
      () => {
        say(snapshot(3, ship('web')))
        return log.at(-1)
      },
      { timeout: 5_000 },
    )
    .toBe('web running')
})

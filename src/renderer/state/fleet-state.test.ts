import { expect, test } from 'vitest'
import type { KeelanEvent, StreamLine } from '../../../helper/api/events.ts'
import type { Ship } from '../../../helper/api/ship.ts'
import { runningShip, stoppedShip } from '../testing/ships.ts'
import { afterLines, nothingKnown } from './fleet-state.ts'

const snapshot = (seq: number, ships: Ship[], stream = 'one'): StreamLine => ({
  type: 'snapshot',
  stream,
  seq,
  reset: false,
  ships,
})
const event = (seq: number, type: KeelanEvent['type'], ship: Ship | null, name = ship?.name ?? null): StreamLine => ({
  type: 'event',
  event: { seq, time: '2026-11-22T10:00:00.000Z', type, name, message: '', ship },
})

test('events change, add and remove ships, in order', () => {
  const [state, events] = afterLines(nothingKnown, [
    snapshot(4, [runningShip('web'), runningShip('mail')]),
    event(5, 'ship.stopped', stoppedShip('web')),
    event(6, 'ship.removed', null, 'mail'),
    event(7, 'ship.deployed', stoppedShip('new')),
  ])
  expect([...state.ships.values()].map(({ name, status }) => [name, status])).toEqual([
    ['web', 'stopped'],
    ['new', 'stopped'],
  ])
  expect(state).toMatchObject({ stream: 'one', seq: 7 })
  expect(events.map(({ seq }) => seq)).toEqual([5, 6, 7])
})

test('an event that was taken already changes nothing and is not told again', () => {
  const [before] = afterLines(nothingKnown, [snapshot(4, []), event(5, 'ship.running', runningShip('web'))])
  const [after, events] = afterLines(before, [event(5, 'ship.stopped', stoppedShip('web'))])
  expect(after.ships.get('web')?.status).toBe('running')
  expect(events).toEqual([])
})

test('a new snapshot replaces all that was known, whatever its number', () => {
  const [before] = afterLines(nothingKnown, [snapshot(400, [runningShip('old')])])
  const [after] = afterLines(before, [snapshot(3, [runningShip('web')], 'two')])
  expect([...after.ships.keys()]).toEqual(['web'])
  expect(after).toMatchObject({ stream: 'two', seq: 3 })
})

test('what did not change stays the same object, so that nothing is drawn for it', () => {
  const [before] = afterLines(nothingKnown, [snapshot(4, [runningShip('web'), runningShip('mail')])])
  const [after] = afterLines(before, [event(5, 'ship.stopped', stoppedShip('web')), { type: 'heartbeat', seq: 5 }])
  expect(after.ships.get('mail')).toBe(before.ships.get('mail'))
  expect(after.ships).not.toBe(before.ships)
  const [same] = afterLines(after, [{ type: 'heartbeat', seq: 5 }, event(6, 'settings.changed', null)])
  expect(same.ships).toBe(after.ships)
})

test('usage is that of the last line, and stays the same object for a ship that uses as much as before', () => {
  const usage = (ships: Record<string, { cpuPercent: number; memoryBytes: number }>): StreamLine => ({
    type: 'usage',
    time: '2026-11-22T10:00:00.000Z',
    ships,
  })
  const [before] = afterLines(nothingKnown, [
    usage({ web: { cpuPercent: 1, memoryBytes: 2 }, mail: { cpuPercent: 3, memoryBytes: 4 } }),
  ])
  const [after] = afterLines(before, [usage({ web: { cpuPercent: 1, memoryBytes: 2 } })])
  expect(after.usage.get('web')).toBe(before.usage.get('web'))
  expect(after.usage.has('mail')).toBe(false)
})

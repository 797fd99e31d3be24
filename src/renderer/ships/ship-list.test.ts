import { expect, test } from 'vitest'
import type { Ship } from '../../../helper/api/ship.ts'
import { countsByState, listed } from './ship-list.ts'
import type { Filter, Order } from './ship-list.ts'
import { runningShip, stoppedShip } from '../testing/ships.ts'

const everything: Filter = { words: '', states: new Set() }
const fleet: Ship[] = [
  runningShip('web-10', { startedAt: '2026-11-22T10:00:00.000Z', restarts: 2 }),
  runningShip('web-2', { startedAt: '2026-11-22T09:00:00.000Z', command: 'node server.js' }),
  stoppedShip('backup', { exitCode: 7 }),
  { ...stoppedShip('mailer', { signal: 'SIGKILL' }), status: 'failed', reason: 'killed by SIGKILL' },
]

const names = (order: Order, filter = everything, usage = new Map()) =>
  listed(fleet, usage, filter, order).map(({ name }) => name)

test('names are ordered as a person counts, not letter by letter', () => {
  expect(names({ by: 'name', descending: false })).toEqual(['backup', 'mailer', 'web-2', 'web-10'])
  expect(names({ by: 'name', descending: true })).toEqual(['web-10', 'web-2', 'mailer', 'backup'])
})

test('by state, what has failed comes first and what is stopped last', () => {
  expect(names({ by: 'status', descending: false })).toEqual(['mailer', 'web-2', 'web-10', 'backup'])
})

test('ships without a value come last in both directions', () => {
  expect(names({ by: 'uptime', descending: false })).toEqual(['web-10', 'web-2', 'backup', 'mailer'])
  expect(names({ by: 'uptime', descending: true })).toEqual(['web-2', 'web-10', 'backup', 'mailer'])
})

test('exit codes come before signals, and ships that never ended last', () => {
  expect(names({ by: 'exit', descending: false })).toEqual(['backup', 'mailer', 'web-2', 'web-10'])
})

test('usage orders ships while they are measured', () => {
  const usage = new Map([
    ['web-2', { cpuPercent: 1, memoryBytes: 300 }],
    ['web-10', { cpuPercent: 90, memoryBytes: 200 }],
  ])
  expect(names({ by: 'cpu', descending: true }, everything, usage)).toEqual(['web-10', 'web-2', 'backup', 'mailer'])
  expect(names({ by: 'memory', descending: true }, everything, usage)).toEqual(['web-2', 'web-10', 'backup', 'mailer'])
})

test('every word must be in name or command, in any case', () => {
  expect(names({ by: 'name', descending: false }, { ...everything, words: 'WEB  server' })).toEqual(['web-2'])
  expect(names({ by: 'name', descending: false }, { ...everything, words: 'nothing' })).toEqual([])
})

test('states let through the ships that are in one of them', () => {
  const filter: Filter = { words: '', states: new Set(['failed', 'stopped']) }
  expect(names({ by: 'name', descending: false }, filter)).toEqual(['backup', 'mailer'])
})

test('counts name the states that there are, as they are shown', () => {
  expect([...countsByState(fleet)]).toEqual([
    ['running', 2],
    ['failed', 1],
    ['stopped', 1],
  ])
})

import { expect, test } from 'vitest'
import { runningShip, stoppedShip } from '../testing/ships.ts'
import { exitWords, percentInWords, stateWords, uptimeWords } from './cell-words.ts'

test('a signal says more than a code, and a code of 0 is no failure', () => {
  expect(exitWords({ exitCode: null, signal: 'SIGKILL' })).toEqual({ short: 'SIGKILL', full: 'killed by SIGKILL' })
  expect(exitWords({ exitCode: 7, signal: null })).toEqual({ short: '7', full: 'exited with code 7' })
  expect(exitWords({ exitCode: 0, signal: null })?.full).toBe('ended with code 0, as it should')
  expect(exitWords({ exitCode: null, signal: null })).toBeNull()
})

test('a ship runs since it started, and a clock that was set back makes that no less than nothing', () => {
  const ship = runningShip('web', { startedAt: '2026-11-22T10:00:00.000Z' })
  expect(uptimeWords(ship, Date.parse('2026-11-22T10:00:05.000Z'))).toBe('5 s')
  expect(uptimeWords(ship, Date.parse('2026-11-22T10:00:00.300Z'))).toBe('0 s')
  expect(uptimeWords(ship, Date.parse('2026-11-22T09:00:00.000Z'))).toBe('0 s')
  expect(uptimeWords(stoppedShip('web'), 0)).toBe('')
})

test('percents have two digits that count', () => {
  expect([0, 3.14, 9.94, 9.96, 200].map(percentInWords)).toEqual(['0.0 %', '3.1 %', '9.9 %', '10 %', '200 %'])
})

test('a ship in back-off says how long until it starts again', () => {
  const ship = {
    ...stoppedShip('web'),
    status: 'backoff',
    nextStartAt: '2026-11-22T10:00:12.000Z',
    reason: 'exited with code 7',
  } as const
  expect(stateWords(ship, Date.parse('2026-11-22T10:00:00.000Z'))).toBe('Waiting 12 s')
  expect(stateWords(ship, Date.parse('2026-11-22T10:00:12.000Z'))).toBe('Waiting')
  expect(stateWords(runningShip('web'), 0)).toBe('Running')
})

import { expect, test } from 'vitest'
import { incidentInWords } from './incident-words.ts'
import { endInWords, lastExitInWords } from './ship-words.ts'

const at = '2026-11-22T10:00:00.000Z'
const later = (ms: number) => Date.parse(at) + ms

test('the last exit is said with how long ago it was', () => {
  const exit = { exitCode: 7, signal: null, stoppedAt: at }
  expect(lastExitInWords(exit, later(200))).toBe('code 7, just now')
  expect(lastExitInWords(exit, later(190_000))).toBe('code 7, 3 min 10 s ago')
  expect(lastExitInWords({ exitCode: null, signal: 'SIGKILL', stoppedAt: null }, later(0))).toBe('SIGKILL')
  expect(lastExitInWords({ exitCode: null, signal: null, stoppedAt: null }, later(0))).toBeNull()
})

test('code 0 is an end like any other', () => {
  expect(endInWords({ exitCode: 0, signal: null })).toBe('code 0')
})

test('an incident says how it began, how often it failed since, and the latest where that differs', () => {
  const reason = 'exited with code 7 after 3 s'
  expect(incidentInWords({ reason, lastReason: reason, failures: 1 })).toBe(reason)
  expect(incidentInWords({ reason, lastReason: reason, failures: 4 })).toBe(`${reason}; 4 failures so far`)
  expect(incidentInWords({ reason, lastReason: 'killed by SIGKILL after 2 s', failures: 4 })).toBe(
    `${reason}; 4 failures so far, the latest: killed by SIGKILL after 2 s`,
  )
})

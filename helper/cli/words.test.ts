import { expect, test } from 'vitest'
import { someShip, stopped } from './testing/fake-helper.ts'
import { countsInWords, exitInWords, shortDuration, shortSize, stateInWords } from './words.ts'

test.each([
  [-5, '0ms'],
  [0, '0ms'],
  [999, '999ms'],
  [1_000, '1s'],
  [61_000, '1m 1s'],
  [3_600_000, '1h 0m'],
  [90_061_000, '1d 1h'],
])('%d ms is %s', (ms, text) => {
  expect(shortDuration(ms)).toBe(text)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_500, '1.5 kB'],
  [12_345_678, '12 MB'],
  [9_990_000, '10 MB'],
])('%d bytes is %s', (bytes, text) => {
  expect(shortSize(bytes)).toBe(text)
})

test('tells every state in words, and nothing that the terminal would act on', () => {
  const now = Date.parse('2026-11-22T10:00:00.000Z')
  expect(stateInWords(someShip('web'), now)).toBe('running for 1m 1s, pid 4711')
  expect(stateInWords(someShip('web', { uptimeSeconds: 0.01 }), now)).toBe('running, pid 4711')
  expect(stateInWords(someShip('web', { ...stopped, status: 'starting' }), now)).toBe('starting')
  expect(stateInWords(someShip('web', { status: 'stopping' }), now)).toBe('stopping, pid 4711')
  expect(stateInWords(someShip('web', stopped), now)).toBe('stopped')
  expect(
    stateInWords(someShip('web', { ...stopped, status: 'failed', reason: 'no such program: a\x1b[2Jb' }), now),
  ).toBe('failed: no such program: a\\x1b[2Jb')
  expect(
    stateInWords(
      someShip('web', {
        ...stopped,
        status: 'backoff',
        reason: 'exited with code 7',
        nextStartAt: '2026-11-22T10:00:02.000Z',
      }),
      now,
    ),
  ).toBe('exited with code 7; starts again in 2s')
})

test('tells how it ended by signal or code', () => {
  expect(exitInWords(someShip('web'))).toBe('-')
  expect(exitInWords(someShip('web', { exitCode: 0 }))).toBe('0')
  expect(exitInWords(someShip('web', { signal: 'SIGKILL' }))).toBe('SIGKILL')
})

test('counts ships by state', () => {
  expect(countsInWords({ running: 3, failed: 0, stopped: 1 })).toBe('3 running, 1 stopped')
  expect(countsInWords({})).toBe('no ships')
})

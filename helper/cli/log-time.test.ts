import { expect, test } from 'vitest'
import { sinceTime, timePrefix } from './log-time.ts'

const now = new Date(2026, 10, 22, 12, 0, 0)

test.each([
  ['10m', new Date(2026, 10, 22, 11, 50)],
  ['2h', new Date(2026, 10, 22, 10)],
  ['90', new Date(2026, 10, 22, 11, 58, 30)],
  ['10:30', new Date(2026, 10, 22, 10, 30)],
  ['9:05:07', new Date(2026, 10, 22, 9, 5, 7)],
  ['2026-11-20', new Date(2026, 10, 20)],
  ['2026-11-20 08:00', new Date(2026, 10, 20, 8)],
  ['2026-11-20T08:00:00Z', new Date('2026-11-20T08:00:00Z')],
  ['2026-11-20T08:00:00.5+02:00', new Date('2026-11-20T06:00:00.500Z')],
])('since %s', (typed, time) => {
  expect(sinceTime(typed, now)).toEqual(time)
})

test.each(['yesterday', '25:00', '10:99', '2026-13-01', '', '-5m'])('%j is no time', (typed) => {
  expect(() => sinceTime(typed, now)).toThrow('It must be a time such as')
})

test('a line has its time to the second, marked if it may be older, or blanks', () => {
  expect(timePrefix('2026-11-22T10:00:00.123Z', true)).toBe('2026-11-22T10:00:00Z ')
  expect(timePrefix('2026-11-22T10:00:00.123Z', false)).toBe('~2026-11-22T10:00:00Z ')
  expect(timePrefix(null, false)).toBe(' '.repeat(21))
})

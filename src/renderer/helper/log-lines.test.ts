import { expect, test } from 'vitest'
import { LogLines } from './log-lines.ts'

test('a line is time, level and text, whatever pieces it arrives in', () => {
  const log = new LogLines(10)
  log.take('2026-11-22T06:38:23.149Z in')
  expect(log.lines).toEqual([])
  log.take('fo [ships] web is running\n')
  expect(log.lines).toEqual([
    { id: 0, time: '2026-11-22T06:38:23.149Z', level: 'info', text: '[ships] web is running' },
  ])
})

test('a line that the helper did not write is kept as it is', () => {
  const log = new LogLines(10)
  log.take('    at main (daemon.js:1:2)\n')
  expect(log.lines).toEqual([{ id: 0, time: null, level: '', text: '    at main (daemon.js:1:2)' }])
})

test('only the newest lines are kept, and a line keeps its number', () => {
  const log = new LogLines(3)
  log.take('a\nb\nc\nd\n')
  log.take('e\n')
  expect(log.lines.map(({ text }) => text)).toEqual(['c', 'd', 'e'])
  const [, d] = log.lines
  log.take('f\n')
  expect(log.lines[0]).toBe(d)
})

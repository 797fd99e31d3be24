import { expect, test } from 'vitest'
import { tableLines } from './table.ts'

const columns = [{ title: 'NAME' }, { title: 'PID', right: true }, { title: 'COMMAND' }] as const

test('aligns by what is seen: colours take no room, wide characters take two', () => {
  const rows = [
    ['\x1b[1mweb\x1b[22m', '7', 'sleep 1'],
    ['日本', '4711', ''],
  ]
  expect(tableLines(columns, rows)).toEqual(['NAME   PID  COMMAND', '\x1b[1mweb\x1b[22m      7  sleep 1', '日本  4711'])
})

test('no line is wider than the terminal', () => {
  expect(tableLines(columns, [['web', '7', 'python3 -m http.server']], 20)).toEqual([
    'NAME  PID  COMMAND',
    'web     7  python3 …',
  ])
})

test('a terminal that says it has 0 columns gets everything', () => {
  expect(tableLines(columns, [['web', '7', 'sleep']], 0)).toEqual(['NAME  PID  COMMAND', 'web     7  sleep'])
})

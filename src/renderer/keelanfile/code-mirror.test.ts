import { Text } from '@codemirror/state'
import { expect, test } from 'vitest'
import { rangeOf } from './code-mirror.ts'
import { faultInWords } from './fault-words.ts'

const doc = Text.of(['ships:', '  web:', '    restart: sometimes', ''])
const marked = (line: number, column: number) => {
  const { from, to } = rangeOf(doc, { line, column })
  return doc.sliceString(from, to)
}

test('the word that a fault is about is marked, and the line where there is none', () => {
  expect(marked(3, 14)).toBe('sometimes')
  expect(marked(2, 3)).toBe('web:')
  expect(marked(3, 99)).toBe('    restart: sometimes')
  expect(marked(4, 1)).toBe('')
})

test('a fault beyond the end, of a text that was longer when it was checked, is marked in the last line', () => {
  expect(rangeOf(doc, { line: 40, column: 7 })).toEqual({ from: doc.length, to: doc.length })
})

test('a fault is said as the command line says it', () => {
  expect(faultInWords({ line: 3, column: 14, key: 'ships.web.restart', message: 'must be always' })).toBe(
    'line 3, column 14: ships.web.restart: must be always',
  )
  expect(faultInWords({ line: 1, column: 1, key: '', message: 'is empty' })).toBe('line 1, column 1: is empty')
})

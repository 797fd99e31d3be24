import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spansOf } from './line-spans.ts'
import { marked, patternOf } from './marked-spans.ts'

const pieces = (text: string, pattern: RegExp | null) =>
  marked(spansOf({ text, bytes: null }), pattern).map((span) => (span.isMatch ? `[${span.text}]` : span.text))

test('marks what matches, also across a change of colour', () => {
  expect(pieces('an er\x1b[31mror, an error', /error/g)).toEqual(['an ', '[er]', '[ror]', ', an ', '[error]'])
})

test('marks nothing where nothing matches, or only an empty text', () => {
  expect(pieces('abc', /x/g)).toEqual(['abc'])
  expect(pieces('abc', /x*/g)).toEqual(['abc'])
  expect(pieces('abc', null)).toEqual(['abc'])
})

test('changes no text and no colour, whatever is marked', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', '\x1b[31m', '\x1b[0m', '\x07')), (parts) => {
      const spans = spansOf({ text: parts.join(''), bytes: null })
      const flat = (list: readonly { text: string; style: unknown }[]) =>
        list.flatMap(({ text, style }) => text.split('').map((character) => [character, style]))
      expect(flat(marked(spans, /ab+/g))).toEqual(flat(spans))
    }),
  )
})

test('marks as the helper searches', () => {
  expect('a.b A.B axb'.match(patternOf({ text: 'a.b', regex: false, case: false })!)).toEqual(['a.b', 'A.B'])
  expect('a.b A.B axb'.match(patternOf({ text: 'a.b', regex: true, case: true })!)).toEqual(['a.b', 'axb'])
  expect(patternOf({ text: '(', regex: true, case: true })).toBeNull()
})

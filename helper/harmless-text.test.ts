import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { HarmlessText } from './harmless-text.ts'

function shown(...chunks: (string | Uint8Array)[]): string {
  const text = new HarmlessText()
  return chunks.map((chunk) => text.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)).join('') + text.end()
}

test.each([
  ['colours', '\x1b[31mred\x1b[0m \x1b[38;5;9mx\x1b[m', '\x1b[31mred\x1b[0m \x1b[38;5;9mx\x1b[m'],
  ['tabs and lines', 'a\tb\nc\r\n', 'a\tb\nc\n'],
  ['text of any kind', 'é日本👍', 'é日本👍'],
  ['no movement', 'a\x1b[2J\x1b[1;1H\x1b[?1049hb', 'ab'],
  ['no title and no link', 'a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c', 'abc'],
  ['no device control', 'a\x1bP1$r0m\x1b\\b\x1b_x\x1b\\c', 'abc'],
  ['no reset, no other escapes', 'a\x1bcb\x1b(0c\x1b7d', 'abcd'],
  ['no overwriting', 'secret\rfake\b\b', 'secret^Mfake^H^H'],
  ['no bell, no NUL, no delete', 'a\x07\0\x7fb', 'a^G^@^?b'],
  ['no C1 controls', 'a\u009b2Jb\u0085', 'a2Jb'],
  ['no title without an end beyond its line', 'a\x1b]0;title\nnext', 'a\nnext'],
  ['the rest of what is cut off', 'a\x1b[3', 'a'],
])('on a terminal pass %s', (_, written, expected) => {
  expect(shown(written)).toBe(expected)
})

test('bytes that are no text become replacement characters', () => {
  expect(shown(new Uint8Array([0x61, 0xff, 0x9b, 0x62]))).toBe('a\ufffd\ufffdb')
})

test('colours that were left on are switched off at the end', () => {
  expect(shown('\x1b[31mred\n')).toBe('\x1b[31mred\n\x1b[0m')
})

test('however the bytes are cut, the same is shown', () => {
  const piece = fc.constantFrom(
    '\x1b[31m',
    '\x1b[2J',
    '\x1b]0;t\x07',
    '\x1b]0;t\x1b\\',
    '\x1b',
    '[',
    'é',
    '日',
    '\r',
    '\n',
    '\r\n',
    '\x07',
    'm',
    ';',
    'x',
    '\x1bP',
  )
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => Buffer.from(pieces.join(''))),
      fc.array(fc.nat(60)),
      (bytes, cuts) => {
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
        expect(shown(...chunks)).toBe(shown(bytes))
      },
    ),
    { numRuns: 2_000 },
  )
})

test('nothing but colours is left of any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const rest = shown(bytes).replace(/\x1b\[[\d;:]*m/g, '') // oxlint-disable-line no-control-regex
      expect(rest).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/) // oxlint-disable-line no-control-regex
    }),
  )
})

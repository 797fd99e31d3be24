import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText, spansOf } from './line-spans.ts'

const encoder = new TextEncoder()
const shown = (text: string) => spansOf({ text, bytes: null })
const bytesShown = (...bytes: number[]) => plainText({ text: '', bytes: Uint8Array.from(bytes) })
const none = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  reverse: false,
}

test('leaves ordinary text alone, whatever it says', () => {
  const text = '<img src=x onerror=alert(1)> &amp; é 😀 👩‍👩‍👧\tend'
  expect(shown(text)).toEqual([{ text, isControl: false, style: null }])
})

test('reads colours and decorations, each piece with its own', () => {
  expect(shown('a\x1b[1;31mb\x1b[4mc\x1b[0md\x1b[92;44me\x1b[39mf\x1b[7mg')).toEqual([
    { text: 'a', isControl: false, style: null },
    { text: 'b', isControl: false, style: { ...none, fg: 1, bold: true } },
    { text: 'c', isControl: false, style: { ...none, fg: 1, bold: true, underline: true } },
    { text: 'd', isControl: false, style: null },
    { text: 'e', isControl: false, style: { ...none, fg: 10, bg: 4 } },
    { text: 'f', isControl: false, style: { ...none, bg: 4 } },
    { text: 'g', isControl: false, style: { ...none, bg: 4, reverse: true } },
  ])
})

test.each([
  ['38;5;9', 9],
  ['38;5;196', [255, 0, 0]],
  ['38;5;240', [88, 88, 88]],
  ['38;2;1;2;3', [1, 2, 3]],
  ['38:2::1:2:3', [1, 2, 3]],
  ['38:2:1:2:3', [1, 2, 3]],
  ['38:5:196', [255, 0, 0]],
])('reads the colour %s', (parameters, fg) => {
  expect(shown(`\x1b[${parameters}mx`)).toEqual([{ text: 'x', isControl: false, style: { ...none, fg } }])
})

test.each([
  ['the title of a window', 'a\x1b]0;title\x07b'],
  ['a link', 'a\x1b]8;;http://x\x1b\\b'],
  ['a move of the cursor', 'a\x1b[2J\x1b[10;10Hb'],
  ['a private mode', 'a\x1b[?25lb'],
  ['a character set', 'a\x1b(Bb'],
  ['a sequence of no meaning', 'a\x1bcb'],
])('leaves out %s', (_, text) => {
  expect(plainText({ text, bytes: null })).toBe('ab')
})

test('shows control characters as something to see, but not the end of a line of Windows', () => {
  expect(plainText({ text: 'a\0b\x07c\x7f\rd\x1b\r', bytes: null })).toBe('a^@b^Gc^?^Md^[')
  expect(shown('\x07')).toEqual([{ text: '^G', isControl: true, style: null }])
})

test('shows what would turn the direction of text, break lines or command a terminal in one byte', () => {
  expect(plainText({ text: 'a\u202eb\u2066c\u2028d\u009be', bytes: null })).toBe('aU+202EbU+2066cU+2028dU+009Be')
})

test('shows bytes that are no text, and the text between them', () => {
  expect(bytesShown(0x61, 0xff, 0xc3, 0xa9, 0xc3)).toBe('a\\xffé\\xc3')
  expect(bytesShown(0xed, 0xa0, 0x80)).toBe('\\xed\\xa0\\x80')
  expect(bytesShown(0xf0, 0x9f, 0x98, 0x80, 0xf5, 0xc0, 0x80)).toBe('😀\\xf5\\xc0\\x80')
})

test('whatever the bytes are, nothing is left that a terminal or a page would obey', () => {
  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => encoder.encode(text)),
    fc.constantFrom('\x1b[', '\x1b]', '\x1b[31m', '\x1bP', '\x07', '\u202e').map((text) => encoder.encode(text)),
  )
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const bytes = Uint8Array.from(parts.flatMap((part) => [...part]))
      const text = plainText({ text: '', bytes })
      // oxlint-disable-next-line no-control-regex -- these are what must not be there
      expect(text).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/)
      // Throws for half a character.
      encodeURIComponent(text)
    }),
  )
})

test('text that is UTF-8 looks the same whether it comes as text or as bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(plainText({ text: '', bytes: encoder.encode(text) })).toBe(plainText({ text, bytes: null }))
    }),
  )
})

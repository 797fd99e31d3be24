import { expect, test } from 'vitest'
import { cutTo, widthOf } from './text-width.ts'

test.each([
  ['plain', 5],
  ['', 0],
  ['\x1b[31mred\x1b[39m', 3],
  ['日本', 4],
  ['한글', 4],
  ['e\u0301', 1],
  ['👩‍👩‍👧', 2],
  ['🇳🇱', 2],
  ['ｆｕｌｌ', 8],
  ['a\u200bb', 2],
  ['naïve – café', 12],
])('%j is %d columns wide', (text, width) => {
  expect(widthOf(text)).toBe(width)
})

test('cuts to a width, wide characters and colour codes whole', () => {
  expect(cutTo('short', 5)).toBe('short')
  expect(cutTo('too long', 5)).toBe('too …')
  expect(cutTo('日本語', 5)).toBe('日本…')
  expect(cutTo('日本語', 4)).toBe('日…')
  expect(cutTo('a\x1b[31mred herring\x1b[39m', 5)).toBe('a\x1b[31mred…\x1b[39m')
  expect(cutTo('a\x1b[31mb\x1b[39mcdef', 3)).toBe('a\x1b[31mb\x1b[39m…')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatPosition, parsePosition } from './position.ts'

test('a position is printed as generation and offset, and read back as it was', () => {
  expect(formatPosition({ generation: 3, offset: 1200 })).toBe('3:1200')
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffff_ffff }), fc.maxSafeNat(), (generation, offset) => {
      expect(parsePosition(formatPosition({ generation, offset }))).toEqual({ generation, offset })
    }),
  )
})

test.each([
  '',
  '1',
  ':',
  '1:',
  ':1',
  '0:1',
  '-1:2',
  '1:-2',
  '1:2:3',
  ' 1:2',
  '1:2\n',
  '1:2.5',
  '01:2',
  '1:02',
  '1:1e3',
])('a malformed position is refused: %j', (text) => expect(parsePosition(text)).toBeUndefined())

test('numbers that cannot be held exactly are refused', () => {
  expect(parsePosition('1:9007199254740992')).toBeUndefined()
  expect(parsePosition('4294967296:0')).toBeUndefined()
})

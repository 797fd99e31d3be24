import { describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import { duration, flag, integerOrUnlimited, size, stopSignal, text, wholeSeconds } from './values.ts'

describe('a duration', () => {
  test.each([
    ['500ms', 500],
    ['5s', 5_000],
    ['1.5s', 1_500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['10 s', 10_000],
    ['5', 5_000],
    [5, 5_000],
    [0.25, 250],
    [0, 0],
  ])('written %s is %d ms', (written, ms) => {
    expect(duration.read(written)).toBe(ms)
  })

  test.each(['', 's', '-5s', '5 weeks', '1m30s', '5ss', 'Infinity', true, -1, NaN])('is not %j', (written) => {
    expect(duration.read(written)).toBeUndefined()
  })

  test('is written with the largest unit that fits, and read back the same', () => {
    expect([0, 1, 500, 1_000, 90_000, 120_000, 86_400_000].map((ms) => duration.write(ms))).toEqual([
      '0s',
      '1ms',
      '500ms',
      '1s',
      '90s',
      '2m',
      '1d',
    ])
    fc.assert(fc.property(fc.nat(365 * 86_400_000), (ms) => duration.read(duration.write(ms)) === ms))
  })

  test('of processor time is whole seconds', () => {
    expect(wholeSeconds.read('2m')).toBe(120)
    expect(wholeSeconds.read('1500ms')).toBeUndefined()
  })
})

describe('a size', () => {
  test.each([
    ['10MB', 10_000_000],
    ['64KiB', 65_536],
    ['2GiB', 2 ** 31],
    ['1kB', 1_000],
    ['7b', 7],
    [4096, 4096],
  ])('written %s is %d bytes', (written, bytes) => {
    expect(size.read(written)).toBe(bytes)
  })

  test.each(['10M', 'MB', '-1MB', '1 potato'])('is not %j', (written) => {
    expect(size.read(written)).toBeUndefined()
  })

  test('is read back as it was written', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (bytes) => size.read(size.write(bytes)) === bytes))
  })
})

test('a signal may be written with or without SIG, in any case', () => {
  expect(['SIGINT', 'int', 'sigint'].map((written) => stopSignal.read(written))).toEqual(['SIGINT', 'SIGINT', 'SIGINT'])
  expect(stopSignal.read('KILL')).toBeUndefined()
})

test('numbers are numbers, flags are true or false, and text is anything', () => {
  expect(integerOrUnlimited.read(1.5)).toBeUndefined()
  expect(integerOrUnlimited.read('unlimited')).toBe('unlimited')
  expect(flag.read('yes')).toBeUndefined()
  expect(text.read('')).toBe('')
})

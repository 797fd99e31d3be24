import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { colorsFor, plain } from './terminal.ts'

const output = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY })

test.each([
  [true, {}, true],
  [false, {}, false],
  [false, { CI: '1' }, false],
  [true, { TERM: 'dumb' }, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
])('on a terminal: %s, with %j: colours are %s', (isTTY, env, colored) => {
  expect(colorsFor(output(isTTY), env).isColorSupported).toBe(colored)
})

test('shows control characters instead of obeying them', () => {
  expect(plain('a\nb\tc\x1b[31m\x9b\u2028é')).toBe('a\\nb\\tc\\x1b[31m\\x9b\\x2028é')
})

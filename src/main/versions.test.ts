import { expect, test } from 'vitest'
import { compareVersions } from './versions.ts'

test.each([
  ['0.1.0', '0.2.0'],
  ['0.9.0', '0.10.0'],
  ['1.2.3', '1.2.4'],
  ['1.9.9', '2.0.0'],
  ['1.0.0-beta.2', '1.0.0-beta.10'],
  ['1.0.0-beta.2', '1.0.0'],
])('%s is older than %s', (older, newer) => {
  expect(compareVersions(older, newer)).toBeLessThan(0)
  expect(compareVersions(newer, older)).toBeGreaterThan(0)
})

test('the same version is neither, and nor is what is no version', () => {
  expect(compareVersions('1.2.3', '1.2.3')).toBe(0)
  expect(compareVersions('1.2.3+abc', '1.2.3')).toBe(0)
  expect(compareVersions('dev', '1.2.3')).toBe(0)
})

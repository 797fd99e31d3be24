import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

test('finds the word that was meant, and none when nothing is close', () => {
  const known = ['command', 'cwd', 'restart', 'env', 'env_file']
  expect(nearest('comand', known)).toBe('command')
  expect(nearest('comamnd', known)).toBe('command')
  expect(nearest('Restart', known)).toBe('restart')
  expect(nearest('envfile', known)).toBe('env_file')
  expect(nearest('xyz', known)).toBeUndefined()
})

test('a word of a hundred thousand letters is near to nothing, which is told at once', () => {
  const start = performance.now()
  expect(nearest('k'.repeat(100_000), ['command', 'cwd', 'restart', 'env'])).toBeUndefined()
  expect(performance.now() - start).toBeLessThan(10)
})

import { expect, test } from 'vitest'
import { verbOf } from './table-keys.ts'

const key = (name: string, more = {}) => ({ key: name, ctrlKey: false, altKey: false, metaKey: false, ...more })

test('only capital letters and Delete act, so that a name can be typed to find its row', () => {
  expect(['S', 'T', 'R', 'Delete'].map((name) => verbOf(key(name)))).toEqual(['start', 'stop', 'restart', 'remove'])
  expect(['s', 't', 'r', 'A', 'Enter'].map((name) => verbOf(key(name)))).toEqual(Array(5).fill(undefined))
})

test('with Ctrl, Alt or Cmd a key is another shortcut', () => {
  expect(verbOf(key('R', { ctrlKey: true }))).toBeUndefined()
  expect(verbOf(key('Delete', { altKey: true }))).toBeUndefined()
})

import { expect, test } from 'vitest'
import { helperWords } from './helper-words.ts'

test('an answer of the helper counts for more than what the app believes', () => {
  expect(helperWords('connected', { state: 'away' }).title).toBe('Helper running')
})

test('a helper that was stopped on purpose, or ended too often, can be started', () => {
  expect(helperWords('away', { state: 'stopped' })).toMatchObject({ title: 'Helper stopped', canStart: true })
  expect(helperWords('away', { state: 'gave-up', message: 'It ended 5 times in a minute.' })).toMatchObject({
    text: 'It ended 5 times in a minute.',
    canStart: true,
  })
})

test('one that is being started needs no button', () => {
  expect(helperWords('away', { state: 'starting' }).canStart).toBe(false)
})

test('in a browser the way out is the command', () => {
  expect(helperWords('away', null)).toMatchObject({ canStart: false })
  expect(helperWords('away', null).text).toContain('keelan daemon start')
})

test('before the first answer it is looked for, not away', () => {
  expect(helperWords('connecting', null).title).toBe('Looking for the helper')
  expect(helperWords('connecting', { state: 'running', version: '1', newer: false }).title).toBe(
    'Looking for the helper',
  )
})

import { expect, test } from 'vitest'
import { ApplyAction } from '../../../helper/api/routes.ts'
import { commandInWords, doneInWords } from './plan-words.ts'

test('nothing is said to be started when it was not asked for', () => {
  expect(doneInWords('restart', true)).toBe('updated and restarted')
  expect(doneInWords('update', false)).toBe('updated; applies at its next start')
  for (const action of ApplyAction.options)
    expect(doneInWords(action, false)).not.toMatch(/^(re)?started|and (re)?started/)
})

test('a command is shown as one would type it', () => {
  expect(commandInWords('npm start && echo')).toBe('npm start && echo')
  expect(commandInWords(['sh', '-c', "echo it's", '', '--port=1'])).toBe(`sh -c 'echo it'\\''s' '' --port=1`)
})

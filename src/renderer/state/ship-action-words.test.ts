import { expect, test } from 'vitest'
import { KeelanError } from '../../../helper/api/errors.ts'
import { allAtOnce, failureOf, wordsFor } from './ship-action-words.ts'

test('one ship is stopped or restarted at once; more than one, and any that is removed, are asked about', () => {
  expect(wordsFor('stop', ['web']).question).toBeNull()
  expect(wordsFor('restart', ['web']).question).toBeNull()
  expect(wordsFor('start', ['web', 'mail']).question).toBeNull()
  expect(wordsFor('stop', ['web', 'mail']).question?.title).toBe('Stop 2 ships?')
  expect(wordsFor('restart', ['web', 'mail']).question?.title).toBe('Restart 2 ships?')
  expect(wordsFor('remove', ['web']).question).toMatchObject({ title: 'Remove web?', danger: true })
})

test('the question names the ships, and counts those that it has no room for', () => {
  const names = Array.from({ length: 10 }, (_, index) => `ship-${index}`)
  expect(wordsFor('stop', names).question?.text).toBe(
    'ship-0, ship-1, ship-2, ship-3, ship-4, ship-5, ship-6 and 3 more stay stopped until you start them again.',
  )
  expect(wordsFor('restart', ['web', 'mail']).question?.text).toBe('web and mail are stopped and started again.')
})

test('the error of one ship stays as it is; of many, each is named', () => {
  const error = new KeelanError('STOP_INCOMPLETE', 'pid 4711 is still there')
  expect(failureOf([], 3)).toBeNull()
  expect(failureOf([{ name: 'web', error }], 1)).toBe(error)
  expect(failureOf([{ name: 'web', error }], 3)?.message).toBe('web: pid 4711 is still there')
  const many = Array.from({ length: 7 }, (_, index) => ({ name: `ship-${index}`, error }))
  expect(failureOf(many, 9)?.message).toMatch(/ship-4: .*\nand 2 more$/)
})

test('work is done for each item, never more at once than the width', async () => {
  let now = 0
  let most = 0
  const done: number[] = []
  await allAtOnce([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++now)
    await Promise.resolve()
    now--
    done.push(item)
  })
  expect(new Set(done)).toEqual(new Set([1, 2, 3, 4, 5]))
  expect(most).toBe(2)
})

import { expect, test } from 'vitest'
import { KeelanError } from '../../helper/api/errors.ts'
import type { Ship } from '../../helper/api/ship.ts'
import { count, named, toStart, toStop, toTell, wordsOf } from './ship-actions.ts'

const names = (n: number) => Array.from({ length: n }, (_, at) => `ship-${at}`)

test('the words of a failure are those of the helper, with the way out', () => {
  expect(wordsOf(new KeelanError('SHIP_NOT_FOUND', 'there is no ship called "web"'))).toBe(
    'there is no ship called "web".\n\n`keelan ls` lists the ships there are.',
  )
  expect(wordsOf(new Error('EACCES'))).toBe('EACCES')
})

test('one failure is told as it is, several as one, and none not at all', () => {
  const failure = { ship: 'web', verb: 'started', why: 'no such program.\n\nInstall it.' } as const
  expect(toTell([])).toBeNull()
  expect(toTell([failure])).toEqual({ message: 'web could not be started', detail: 'no such program.\n\nInstall it.' })
  expect(toTell(names(10).map((ship) => ({ ...failure, ship })))).toEqual({
    message: '10 ships could not be started',
    detail: [...names(8).map((name) => `${name}: no such program.`), 'and 2 more'].join('\n'),
  })
})

test('ships are named as a person would', () => {
  expect(named(['web'])).toBe('web')
  expect(named(['web', 'api'])).toBe('web and api')
  expect(named(['web', 'api', 'db'])).toBe('web, api and db')
  expect(named(names(11))).toBe(`${names(8).join(', ')} and 3 more`)
  expect(count(['web'])).toBe('1 ship')
  expect(count(names(2))).toBe('2 ships')
})

test('all that run or would run again are stopped, all that do not run are started', () => {
  const ships = (['running', 'starting', 'stopping', 'backoff', 'failed', 'stopped'] as const).map(
    (status) => ({ name: status, status }) as Ship,
  )
  expect(toStop(ships)).toEqual(['running', 'starting', 'stopping', 'backoff'])
  expect(toStart(ships)).toEqual(['backoff', 'failed', 'stopped'])
})

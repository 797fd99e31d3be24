import fc from 'fast-check'
import { expect, test } from 'vitest'
import { worstFirst } from './standing.ts'
import { aShip, helperRuns, ships } from './test-ships.ts'
import { tooltip } from './tooltip.ts'

test('counts the ships, and names those that failed', () => {
  const some = [...ships('running', 'a', 'b', 'c', 'd', 'e'), ...ships('failed', 'web')]
  expect(tooltip(some, helperRuns)).toBe('5 running, 1 failed: web')
})

test('says nothing of what there is none of', () => {
  expect(tooltip(ships('running', 'a', 'b'), helperRuns)).toBe('2 running')
  expect(tooltip(ships('failed', 'web'), helperRuns)).toBe('1 failed: web')
  expect(tooltip([], helperRuns)).toBe('No ships yet')
})

test('tells every way a ship can stand, those that need somebody last', () => {
  const one = worstFirst.map((standing) => aShip(`is-${standing}`, standing))
  expect(tooltip(one, helperRuns)).toBe(
    '1 running, 1 starting, 1 stopping, 1 waiting to start again, 1 stopped, 1 failed: is-failed; 1 unhealthy: is-unhealthy',
  )
})

test('names five that failed, by name, and counts the others', () => {
  const nine = ships('failed', 'i', 'h', 'g', 'f', 'e', 'd', 'c', 'b', 'a')
  expect(tooltip(nine, helperRuns)).toBe('9 failed: a, b, c, d, e and 4 more')
})

test('leaves out names that do not fit', () => {
  const long = (letter: string): string => letter.repeat(63)
  expect(tooltip(ships('failed', long('a'), long('b')), helperRuns)).toBe(`2 failed: ${long('a')} and 1 more`)
  expect(tooltip([...ships('failed', long('a')), ...ships('unhealthy', long('b'))], helperRuns)).toBe(
    `1 failed: ${long('a')}; 1 unhealthy`,
  )
})

test('is never longer than 120 characters, and gives every count', () => {
  const standing = fc.constantFrom(...worstFirst)
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,62}$/)
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, standing), { selector: ([unique]) => unique, maxLength: 60 }), (all) => {
      const text = tooltip(
        all.map(([unique, stands]) => aShip(unique, stands)),
        helperRuns,
      )
      expect(text.length).toBeLessThanOrEqual(120)
      const failed = all.filter(([, stands]) => stands === 'failed').length
      if (failed > 0) expect(text).toContain(`${failed} failed`)
    }),
  )
})

test('of a helper that does not run it says that, and how the ships are without it', () => {
  const some = ships('failed', 'web')
  expect(tooltip(some, { state: 'away' })).toBe('The helper is away; ships run on without it')
  expect(tooltip(some, { state: 'stopped' })).toBe('The helper is stopped; ships run on without it')
  expect(tooltip(some, { state: 'starting' })).toBe('The helper is starting')
})

test('says in one line why the helper was given up, however long that is', () => {
  const text = tooltip([], { state: 'gave-up', message: `it ended\n5 times ${'x'.repeat(500)}` })
  expect(text).toMatch(/^The helper does not stay up: it ended 5 times x+…$/)
  expect(text).toHaveLength(120)
})

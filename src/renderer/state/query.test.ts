import { expect, test } from 'vitest'
import { staleAfter } from './query.ts'

test('an event of a ship makes what is known of that ship be asked for anew, and of no other', () => {
  expect(staleAfter({ type: 'ship.exited', name: 'web' })).toEqual([['ship', 'web']])
})

test('an incident makes the incidents be asked for anew as well', () => {
  expect(staleAfter({ type: 'incident.opened', name: 'web' })).toEqual([['incidents'], ['ship', 'web']])
})

test('a helper that started anew is asked about itself', () => {
  expect(staleAfter({ type: 'helper.started', name: null })).toContainEqual(['helper'])
  expect(staleAfter({ type: 'settings.changed', name: null })).toContainEqual(['settings'])
})

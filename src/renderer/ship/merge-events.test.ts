import { expect, test } from 'vitest'
import type { KeelanEvent } from '../../../helper/api/events.ts'
import { mergeEvents } from './merge-events.ts'

const event = (seq: number): KeelanEvent => ({
  seq,
  time: '2026-11-22T10:00:00.000Z',
  type: 'ship.note',
  name: 'web',
  message: String(seq),
  ship: null,
})

test('events of the history and live ones are one list, newest first, each once', () => {
  const merged = mergeEvents([event(1), event(5), event(10)], [event(10), event(11), event(2)])
  expect(merged.map(({ seq }) => seq)).toEqual([11, 10, 5, 2, 1])
})

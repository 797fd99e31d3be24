import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testClock } from './test-ships.ts'
import { throttle } from './throttle.ts'

const gapMs = 200

/** Something that is shown throttled, with when and what was shown. */
function shownThrottled(clock = testClock()) {
  const shown: { atMs: number; value: number }[] = []
  let value = 0
  const showing = throttle(gapMs, () => shown.push({ atMs: clock.now(), value }), clock)
  const update = (next: number): void => {
    value = next
    showing.ask()
  }
  return { clock, shown, update, end: showing.end }
}

test('shows the first at once, and after a quiet time the next at once too', () => {
  const { clock, shown, update } = shownThrottled()
  update(1)
  clock.pass(gapMs)
  update(2)
  expect(shown).toEqual([
    { atMs: 0, value: 1 },
    { atMs: gapMs, value: 2 },
  ])
})

test('of what comes in between it shows the newest, once', () => {
  const { clock, shown, update } = shownThrottled()
  update(1)
  clock.pass(10)
  update(2)
  clock.pass(10)
  update(3)
  clock.pass(1_000)
  expect(shown).toEqual([
    { atMs: 0, value: 1 },
    { atMs: gapMs, value: 3 },
  ])
})

test('a timer that goes off early does not make it show too early', () => {
  const clock = testClock()
  const hasty = { ...clock, after: (ms: number, call: () => void) => clock.after(Math.max(1, ms - 3), call) }
  const { shown, update } = shownThrottled(hasty)
  update(1)
  update(2)
  clock.pass(1_000)
  expect(shown.map(({ atMs }) => atMs)).toEqual([0, gapMs])
})

test('shows nothing more once it was ended', () => {
  const { clock, shown, update, end } = shownThrottled()
  update(1)
  update(2)
  end()
  clock.pass(1_000)
  expect(shown.map(({ value }) => value)).toEqual([1])
})

test('in any storm it shows at most 5 times a second, each value or a newer one within 200 ms, and the last one at last', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 450 }), { minLength: 1, maxLength: 300 }), (pausesMs) => {
      const { clock, shown, update } = shownThrottled()
      const came = pausesMs.map((pauseMs, value) => {
        clock.pass(pauseMs)
        update(value)
        return { atMs: clock.now(), value }
      })
      clock.pass(gapMs)
      for (const { atMs } of shown) {
        expect(shown.filter((other) => other.atMs >= atMs && other.atMs < atMs + 1_000).length).toBeLessThanOrEqual(5)
      }
      for (const { atMs, value } of came) {
        expect(shown.some((later) => later.value >= value && later.atMs <= atMs + gapMs)).toBe(true)
      }
      expect(shown.at(-1)?.value).toBe(pausesMs.length - 1)
    }),
  )
})

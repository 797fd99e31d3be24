import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NoticeState, UntoldNotice } from '../api/records.ts'
import { defaultSettings } from '../api/settings.ts'
import { type Draft, noticesOf, planTelling, type Told, weightOf } from './plan.ts'
import { incidentOf, noticeOf } from './testing/notices.ts'

const start = new Date('2026-11-22T12:00:00').getTime()
const choices = defaultSettings

/** A notice of an incident of its own; `n` is the id of both, made `afterMs` after the start. */
const failed = (n: number, afterMs = 0, change: Partial<UntoldNotice> = {}): UntoldNotice =>
  noticeOf({ id: n, madeAtMs: start + afterMs, incident: incidentOf({ id: n, ship: `ship${n}` }), ...change })
const recovered = (n: number, afterMs: number, failure: NoticeState = 'told'): UntoldNotice =>
  noticeOf({ ...failed(n, afterMs), id: 100 + n, kind: 'recovered', failure })

/** `failed 1`, `summary 1,2,3`: kind and notices. */
const inShort = (drafts: readonly Draft[]): string[] =>
  drafts.map((draft) => `${draft.kind} ${noticesOf(draft).map(({ id }) => id)}`)

const planAt = (afterMs: number, notices: UntoldNotice[], told: Told[] = [], settings = choices) => {
  const { due, settled, nextAtMs } = planTelling(notices, settings, told, start + afterMs)
  return { due: inShort(due), settled, nextInMs: nextAtMs === null ? null : nextAtMs - start - afterMs }
}

const toldAt = (...afterMs: number[]): Told[] =>
  afterMs.map((ms) => ({ atMs: start + ms, kind: 'failed' as const, weight: 1 }))

test('with nothing to tell there is nothing to look for', () => {
  expect(planAt(0, [])).toEqual({ due: [], settled: [], nextInMs: null })
})

test('a failure is told after a moment in which more may come', () => {
  expect(planAt(50, [failed(1)])).toEqual({ due: [], settled: [], nextInMs: 150 })
  expect(planAt(200, [failed(1)])).toEqual({ due: ['failed 1'], settled: [], nextInMs: null })
})

test('as long as more come, it waits for them, but no longer than a second', () => {
  expect(planAt(900, [failed(1), failed(2, 800)])).toMatchObject({ due: [], nextInMs: 100 })
  expect(planAt(1_000, [failed(1), failed(2, 950)])).toMatchObject({ due: ['failed 1', 'failed 2'] })
})

test('three are told one by one, more in one', () => {
  const notices = [1, 2, 3].map((n) => failed(n))
  expect(planAt(200, notices).due).toEqual(['failed 1', 'failed 2', 'failed 3'])
  expect(planAt(200, [...notices, failed(4)]).due).toEqual(['summary 1,2,3,4'])
})

test('what is more than three within 10 s is held until they are over, and then told in one', () => {
  const told = toldAt(0, 1_000, 2_000)
  const notices = [failed(4, 3_000), failed(5, 4_000)]
  expect(planAt(5_000, notices, told)).toMatchObject({ due: [], nextInMs: 5_000 })
  expect(planAt(10_000, notices, told).due).toEqual(['summary 4,5'])
  // There is room for one.
  expect(planAt(10_000, [failed(4, 3_000)], told).due).toEqual(['failed 4'])
})

test('after a summary, too, the next ones are held for 10 s', () => {
  const told = weightOf(
    { kind: 'summary', subjects: [{ incident: incidentOf(), tells: 'failed', notices: [] }] },
    start,
  )
  expect(planAt(5_000, [failed(9, 4_000)], told)).toMatchObject({ due: [], nextInMs: 5_000 })
  expect(planAt(10_000, [failed(9, 4_000)], told).due).toEqual(['failed 9'])
})

test('never more than three single messages of a kind within 10 s, whenever failures come; and all are told in the end', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30_000), { minLength: 1, maxLength: 30 }), (times) => {
      const notices = times.map((ms, index) => failed(index + 1, ms))
      const isTold = new Set<number>()
      const singles: number[] = []
      let told: Told[] = []
      for (let ms = 0; ms <= 60_000; ms += 50) {
        const known = notices.filter(({ id, madeAtMs }) => madeAtMs <= start + ms && !isTold.has(id))
        const { due } = planTelling(known, choices, told, start + ms)
        for (const draft of due) {
          for (const { id } of noticesOf(draft)) {
            expect(isTold.has(id)).toBe(false)
            isTold.add(id)
          }
          told = [...told, ...weightOf(draft, start + ms)]
          if (draft.kind === 'failed') singles.push(ms)
        }
      }
      expect(isTold.size).toBe(notices.length)
      for (const first of singles)
        expect(singles.filter((ms) => ms >= first && ms < first + 10_000).length).toBeLessThanOrEqual(3)
    }),
    { numRuns: 100 },
  )
})

test('a recovery is told by itself once the failure was told, and with it if it was not', () => {
  expect(planAt(5_200, [recovered(1, 5_000)]).due).toEqual(['recovered 101'])
  expect(planAt(5_200, [failed(1), recovered(1, 5_000, 'pending')]).due).toEqual(['recovered 1,101'])
})

test('a recovery waits while somebody is telling of the failure', () => {
  const claimed = failed(1, 0, { claim: { holder: 'app', untilMs: start + 9_000 } })
  expect(planAt(5_200, [claimed, recovered(1, 5_000, 'claimed')])).toEqual({ due: [], settled: [], nextInMs: 200 })
  // It did not: both are told by somebody else.
  expect(planAt(9_000, [claimed, recovered(1, 5_000, 'claimed')]).due).toEqual(['recovered 1,101'])
})

test('many recoveries are one summary, together with many failures', () => {
  const back = [1, 2, 3, 4].map((n) => recovered(n, 0))
  expect(planAt(200, back).due).toEqual(['summary 101,102,103,104'])
  const more = [5, 6, 7, 8].map((n) => failed(n))
  expect(planAt(200, [...back, ...more]).due).toEqual(['summary 5,6,7,8,101,102,103,104'])
})

test('what somebody claims is not told by another until the lease is over', () => {
  const claimed = failed(1, 0, { claim: { holder: 'app', untilMs: start + 5_000 } })
  expect(planAt(1_000, [claimed])).toEqual({ due: [], settled: [], nextInMs: 4_000 })
  expect(planAt(5_000, [claimed]).due).toEqual(['failed 1'])
})

test('what was muted or switched off is told by nobody, nor is its recovery', () => {
  const muted = { ...choices, mutedShips: ['ship1'] }
  expect(planAt(0, [failed(1), failed(2)], [], muted)).toMatchObject({ settled: [1], due: [] })
  expect(planAt(0, [failed(1), recovered(2, 0)], [], { ...choices, notifications: false }).settled).toEqual([1, 102])
  expect(planAt(0, [recovered(1, 0, 'settled')]).settled).toEqual([101])
})

test('in quiet hours nothing is due until they end; then it is one summary, and one alone is told as always', () => {
  const quiet = { ...choices, quietHours: { from: '11:00', to: '13:00' } }
  const hour = 3_600_000
  expect(planAt(0, [failed(1), failed(2)], [], quiet)).toEqual({ due: [], settled: [], nextInMs: hour })
  expect(planAt(hour, [failed(1), failed(2)], [], quiet).due).toEqual(['summary 1,2'])
  expect(planAt(hour, [failed(1)], [], quiet).due).toEqual(['failed 1'])
})

test('what nobody could be told for a minute is told as missed', () => {
  const tried = { attempts: 2 }
  const notices = [failed(1, 0, tried), failed(2, 1_000, tried), recovered(2, 30_000, 'pending')]
  expect(planAt(50_000, notices).due).toEqual(['summary 1,2,102'])
  expect(planAt(61_001, notices).due).toEqual(['missed 1,2,102'])
  // What has just failed is no part of it.
  expect(planAt(61_300, [...notices, failed(3, 61_001)]).due).toEqual(['missed 1,2,102', 'failed 3'])
})

test('a test is told at once, whatever the settings, or not at all', () => {
  const quiet = { ...choices, notifications: false, quietHours: { from: '11:00', to: '13:00' } }
  const asked = noticeOf({ id: 7, kind: 'test', madeAtMs: start, incident: null })
  expect(planAt(0, [asked], [], quiet).due).toEqual(['test 7'])
  expect(planAt(60_001, [asked], [], quiet)).toMatchObject({ due: [], settled: [7] })
})

test('a clock that is set back holds nothing up', () => {
  const claimed = failed(2, 0, { claim: { holder: 'app', untilMs: start } })
  expect(planAt(-3_600_000, [failed(1), claimed]).due).toEqual(['summary 1,2'])
})

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { IncidentChange } from '../api/records.ts'
import { endedAsTold, type Happening, incidentWords, takeHappenings } from './incidents.ts'

const resetAfterMs = 10_000
const run = { shimId: 'shim', line: 2 }

const failed = (atMs: number, ranMs: number | null = 5, reason = `failed at ${atMs}`): Happening => ({
  kind: 'failed',
  atMs,
  ranMs,
  reason,
  run,
})
const asked = (atMs: number, outcome: 'started' | 'stopped' | 'removed' = 'stopped'): Happening => ({
  kind: 'asked',
  atMs,
  outcome,
})

const take = (...happenings: Happening[]) => takeHappenings('web', null, happenings, resetAfterMs)

/** `opened 5`, `closed 9 recovered`, for short. */
const inShort = (changes: readonly IncidentChange[]): string[] =>
  changes.map((change) =>
    change.kind === 'closed'
      ? `closed ${change.closedAtMs} ${change.outcome}${change.withdrawn ? ' withdrawn' : ''}`
      : `${change.kind} ${change.incident.openedAtMs} ${change.incident.failures}`,
  )

test('a crash loop is one incident, with its first reason and its last', () => {
  const gaveUp = { kind: 'gave-up', atMs: 30, reason: 'gave up' } as const
  const { open, changes } = take(failed(10), failed(20), failed(30), gaveUp)
  expect(inShort(changes)).toEqual(['opened 10 1', 'failed-again 10 2', 'failed-again 10 3', 'failed-again 10 3'])
  expect(open).toEqual({ openedAtMs: 10, failures: 3, reason: 'failed at 10', lastReason: 'gave up', run })
})

test.each<[string, Happening[], string[]]>([
  ['nothing failed', [asked(1), { kind: 'recovered', atMs: 2 }, asked(3, 'started')], []],
  ['it ended well', [{ kind: 'completed', atMs: 1, ranMs: 99_999, isOver: true }], []],
  ['it ended well too often', [{ kind: 'gave-up', atMs: 1, reason: 'gave up' }], ['opened 1 1']],
  ['the person stopped it', [failed(1), asked(2)], ['opened 1 1', 'closed 2 stopped']],
  ['the person started it', [failed(1), asked(2, 'started')], ['opened 1 1', 'closed 2 started']],
  ['the person removed it', [failed(1), asked(2, 'removed')], ['opened 1 1', 'closed 2 removed']],
  ['it has recovered', [failed(1), { kind: 'recovered', atMs: 2 }], ['opened 1 1', 'closed 2 recovered']],
  [
    'it recovered unseen, and failed again',
    [failed(1), failed(50_000, 40_000)],
    ['opened 1 1', 'closed 20000 recovered', 'opened 50000 1'],
  ],
  [
    'it recovered unseen, and ended well',
    [failed(1), { kind: 'completed', atMs: 50_000, ranMs: 40_000, isOver: false }],
    ['opened 1 1', 'closed 20000 recovered'],
  ],
  [
    'it ended well at last',
    [failed(1), { kind: 'completed', atMs: 9, ranMs: 5, isOver: true }],
    ['opened 1 1', 'closed 9 recovered'],
  ],
  [
    'it ends well and fails by turns',
    [failed(1), { kind: 'completed', atMs: 9, ranMs: 5, isOver: false }],
    ['opened 1 1'],
  ],
  ['it could not even be started', [failed(1, null), failed(2, null)], ['opened 1 1', 'failed-again 1 2']],
  [
    'it was told to end with everything else',
    [failed(1), { kind: 'told-to-end', atMs: 1 }],
    ['opened 1 1', 'closed 1 stopped withdrawn'],
  ],
  [
    'it had failed before that',
    [failed(1), failed(2), { kind: 'told-to-end', atMs: 2 }],
    ['opened 1 1', 'failed-again 1 2'],
  ],
  ['an older end was the one told', [failed(7), { kind: 'told-to-end', atMs: 1 }], ['opened 7 1']],
])('%s', (_, happenings, expected) => {
  expect(inShort(take(...happenings).changes)).toEqual(expected)
})

test('with no time to run for, each failure is over as soon as it runs', () => {
  const { changes } = takeHappenings('web', null, [failed(1), failed(2, 0), failed(3, null)], 0)
  expect(inShort(changes)).toEqual(['opened 1 1', 'closed 2 recovered', 'opened 2 1', 'failed-again 2 2'])
})

const reasons = fc.constantFrom('exited with code 7', 'was killed by SIGKILL')
const anyHappening: fc.Arbitrary<(atMs: number) => Happening> = fc.oneof(
  fc.record({ ranMs: fc.option(fc.nat(30_000)), reason: reasons }).map(
    ({ ranMs, reason }) =>
      (atMs: number) =>
        failed(atMs, ranMs, reason),
  ),
  fc.constant((atMs: number): Happening => ({ kind: 'gave-up', atMs, reason: 'gave up' })),
  fc
    .record({ ranMs: fc.nat(30_000), isOver: fc.boolean() })
    .map((how) => (atMs: number): Happening => ({ kind: 'completed', atMs, ...how })),
  fc.constant((atMs: number): Happening => ({ kind: 'recovered', atMs })),
  fc
    .constantFrom('started' as const, 'stopped' as const, 'removed' as const)
    .map((outcome) => (atMs: number) => asked(atMs, outcome)),
  fc.constant((atMs: number): Happening => ({ kind: 'told-to-end', atMs })),
)
const anyLife = fc
  .array(anyHappening, { maxLength: 40 })
  .map((makers) => makers.map((make, index) => make(100_000 + index * 40_000)))

test('whatever happens, no incident is lost, opened twice or closed twice, and every failure belongs to one', () => {
  fc.assert(
    fc.property(anyLife, (happenings) => {
      const { open, changes } = take(...happenings)
      let isOpen = false
      let failures = 0
      for (const change of changes) {
        expect(isOpen, JSON.stringify(changes)).toBe(change.kind !== 'opened')
        isOpen = change.kind !== 'closed'
        if (change.kind === 'opened') failures += 1
      }
      expect(isOpen).toBe(open !== null)
      const again = changes.filter(({ kind }) => kind === 'failed-again').length
      const wrong = happenings.filter(({ kind }) => kind === 'failed' || kind === 'gave-up').length
      expect(failures + again).toBe(wrong)
    }),
    { numRuns: 2_000 },
  )
})

test('a helper that is killed anywhere in between and goes on from what it wrote down makes the same of it', () => {
  fc.assert(
    fc.property(anyLife, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (happenings, cuts) => {
      const whole = take(...happenings)
      let known: ReturnType<typeof take> = { open: null, changes: [] }
      let batch: Happening[] = []
      const changes: IncidentChange[] = []
      const write = (): void => {
        // As the database gives it back.
        const open = JSON.parse(JSON.stringify(known.open)) as typeof known.open
        known = takeHappenings('web', open, batch, resetAfterMs)
        changes.push(...known.changes)
        batch = []
      }
      happenings.forEach((happening, index) => {
        batch.push(happening)
        if (cuts[index]) write()
      })
      write()
      expect(changes).toEqual(whole.changes)
      expect(known.open).toEqual(whole.open)
    }),
  )
})

test('only the beginning and the end of an incident are events', () => {
  const { changes } = take(failed(1), failed(2), asked(3))
  expect(changes.map(incidentWords)).toEqual([
    'has an incident: failed at 1',
    null,
    'was asked to stop, which closes its incident',
  ])
})

test.each([
  [{ exitCode: null, signal: 'SIGTERM' }, true],
  [{ exitCode: null, signal: 'SIGHUP' }, true],
  [{ exitCode: 143, signal: null }, true],
  [{ exitCode: 130, signal: null }, true],
  [{ exitCode: null, signal: 'SIGKILL' }, false],
  [{ exitCode: null, signal: 'SIGSEGV' }, false],
  [{ exitCode: 1, signal: null }, false],
  [{ exitCode: 137, signal: null }, false],
  [{ exitCode: null, signal: null }, false],
])('%j is an end as one that was told to has it: %s', (end, expected) => {
  expect(endedAsTold(end)).toBe(expected)
})

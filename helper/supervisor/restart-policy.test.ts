import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { afterEnd, noRestarts, type RestartRules, restartDelays } from './restart-policy.ts'

const never = (): number => 0

test('restarts at once, then waits longer each time, up to the maximum', () => {
  expect(restartDelays({ initialMs: 500, factor: 2, maxMs: 3_000, jitter: 0, resetAfterMs: 0 }, never)).toEqual([
    0, 500, 1_000, 2_000, 3_000,
  ])
})

test('lengthens each delay by chance, by at most its share of jitter, and never beyond the maximum', () => {
  const delays = restartDelays({ initialMs: 1_000, factor: 2, maxMs: 4_000, jitter: 0.5, resetAfterMs: 0 }, () => 1)
  expect(delays).toEqual([0, 1_500, 3_000, 4_000])
})

test.each([
  ['a factor of 1', { initialMs: 700, factor: 1, maxMs: 10_000 }, [0, 700]],
  ['no delay at all', { initialMs: 0, factor: 3, maxMs: 10_000 }, [0, 0]],
  ['a maximum below the beginning', { initialMs: 700, factor: 2, maxMs: 100 }, [0, 100]],
])('needs no endless table for %s', (_, backoff, expected) => {
  expect(restartDelays({ ...backoff, jitter: 0, resetAfterMs: 0 }, never)).toEqual(expected)
})

test('keeps the table within what the shim takes, however slowly it grows', () => {
  const delays = restartDelays({ initialMs: 1, factor: 1.01, maxMs: 1e9, jitter: 0, resetAfterMs: 0 }, never)
  expect(delays).toHaveLength(64)
})

interface Case {
  name: string
  restart: RestartRules['restart']
  delays: number[]
  resetAfterMs: number
  maxRestarts: RestartRules['maxRestarts']
  windowMs: number
  runs: { ranMs: number; exit?: number; signal?: number }[]
  expect: string[]
}

const cases = JSON.parse(readFileSync(new URL('../shim/restart-cases.json', import.meta.url), 'utf8')) as Case[]

test.each(cases.map((one) => [one.name, one] as const))('decides as the shim does: %s', (_, one) => {
  let count = noRestarts
  let now = 0
  const decisions: string[] = []
  for (const run of one.runs) {
    now += run.ranMs
    const next = afterEnd(one, count, { atMs: now, ranMs: run.ranMs, exitCode: run.exit ?? null })
    if (next.step !== 'restart') {
      decisions.push(next.step)
      break
    }
    decisions.push(next.delayMs === 0 ? 'restart at once' : `wait ${next.delayMs}`)
    count = next.count
    now += next.delayMs
  }
  expect(decisions).toEqual(one.expect)
})

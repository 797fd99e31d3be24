import type { Backoff, ShipDefinition } from '../api/definition.ts'

/** The shim's table has at most this many delays (`helper/shim/PROTOCOL.md`); the last one repeats. */
const longestTable = 64

/** Delays in ms before each restart in a row, as the shim is given them: at once, then growing up to `maxMs`; the last one repeats. */
export function restartDelays({ initialMs, factor, maxMs, jitter }: Backoff, random: () => number): readonly number[] {
  const delays = [0]
  for (let delay = initialMs; delays.length < longestTable; delay *= factor) {
    const capped = Math.min(delay, maxMs)
    delays.push(Math.round(Math.min(capped * (1 + jitter * random()), maxMs)))
    // At its maximum, or a factor of 1: from here on it is always the same.
    if (capped === maxMs || factor === 1 || capped === 0) break
  }
  return delays
}

export interface RestartRules {
  readonly restart: ShipDefinition['restart']
  readonly delays: readonly number[]
  readonly resetAfterMs: number
  readonly maxRestarts: number | 'unlimited'
  readonly windowMs: number
}

/** How a run ended. An exit code of null: nobody could see it. */
export interface Ended {
  readonly atMs: number
  readonly ranMs: number
  readonly exitCode: number | null
}

/** What was counted so far; a new start that a person asked for begins with `noRestarts`. */
export interface RestartCount {
  /** Restarts in a row, which is the index into the delays. */
  readonly inARow: number
  /** When the ends within the window were, ms. */
  readonly ends: readonly number[]
}

export const noRestarts: RestartCount = { inARow: 0, ends: [] }

export type NextStep =
  | { readonly step: 'restart'; readonly delayMs: number; readonly count: RestartCount }
  | { readonly step: 'gave-up'; readonly ends: number }
  | { readonly step: 'done' }

/**
 * What follows the end of a run: the same rules that the shim follows, for a ship that has lost its shim. A code that
 * nobody saw counts as a failure.
 */
export function afterEnd(rules: RestartRules, count: RestartCount, ended: Ended): NextStep {
  if (rules.restart === 'no' || (rules.restart === 'on-failure' && ended.exitCode === 0)) return { step: 'done' }
  const ends = [...count.ends.filter((end) => ended.atMs - end < rules.windowMs), ended.atMs]
  if (rules.maxRestarts !== 'unlimited' && ends.length > rules.maxRestarts)
    return { step: 'gave-up', ends: ends.length }
  const inARow = ended.ranMs >= rules.resetAfterMs ? 0 : count.inARow
  const delayMs = rules.delays[Math.min(inARow, rules.delays.length - 1)] ?? 0
  return { step: 'restart', delayMs, count: { inARow: inARow + 1, ends } }
}

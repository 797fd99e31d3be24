import type { Ship } from '../../../helper/api/ship.ts'
import { statusWords } from '../ui/status-badge.tsx'
import { durationInWords } from '../ui/words.ts'

/** How the last run ended: short for the cell, and in words; null: none has ended. */
export function exitWords({
  exitCode,
  signal,
}: Pick<Ship, 'exitCode' | 'signal'>): { short: string; full: string } | null {
  if (signal !== null) return { short: signal, full: `killed by ${signal}` }
  if (exitCode === null) return null
  return {
    short: String(exitCode),
    full: exitCode === 0 ? 'ended with code 0, as it should' : `exited with code ${exitCode}`,
  }
}

/** ms that a ship has been running at `nowMs`; null: it does not run. */
export function uptimeMs({ startedAt }: Pick<Ship, 'startedAt'>, nowMs: number): number | null {
  return startedAt === null ? null : Math.max(0, nowMs - Date.parse(startedAt))
}

/** The same in words, in whole seconds; empty: it does not run. */
export function uptimeWords(ship: Pick<Ship, 'startedAt'>, nowMs: number): string {
  const ms = uptimeMs(ship, nowMs)
  if (ms === null) return ''
  return ms < 1_000 ? '0 s' : durationInWords(ms)
}

/** `3.1 %`, `120 %`: of one core. */
export function percentInWords(percent: number): string {
  return `${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`
}

/** A state as the list shows it: `Waiting 12 s`. */
export function stateWords(ship: Ship, nowMs: number): string {
  if (ship.status !== 'backoff') return statusWords[ship.status]
  const left = Date.parse(ship.nextStartAt) - nowMs
  return left < 1_000 ? statusWords.backoff : `${statusWords.backoff} ${durationInWords(left)}`
}

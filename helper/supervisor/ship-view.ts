import { uptime } from 'node:os'
import { assertNever } from '../api/errors.ts'
import type { ShimRecord, ShipRecord } from '../api/records.ts'
import type { Ship } from '../api/ship.ts'
import { shownCommand } from './words.ts'

const iso = (ms: number): string => new Date(ms).toISOString()

/** ms since the machine's start, on the clock of the shim's journal (CLOCK_BOOTTIME): durations do not follow the wall clock. */
export const bootNowMs = (): number => Math.round(uptime() * 1_000)

/** A ship as the API shows it. `shim` is its newest one. */
export function shipView(record: ShipRecord, shim: ShimRecord | null): Ship {
  const { definition, state, lastEnd } = record
  const base = {
    name: definition.name,
    status: state.status,
    wish: record.wish,
    health: null,
    stoppedAt: lastEnd && iso(lastEnd.stoppedAtMs),
    exitCode: lastEnd?.exitCode ?? null,
    signal: lastEnd?.signal ?? null,
    restarts: record.restarts,
    uptimeSeconds: null,
    definitionChanged: shim !== null && !shim.ended && shim.revision !== record.revision,
    command: shownCommand(definition.command),
    pid: null,
    startedAt: null,
    nextStartAt: null,
    reason: null,
  }
  switch (state.status) {
    case 'starting':
      return { ...base, status: 'starting' }
    case 'running':
      return {
        ...base,
        status: 'running',
        health: 'unknown',
        pid: state.pid,
        startedAt: iso(state.startedAtMs),
        stoppedAt: null,
        uptimeSeconds: secondsSince(state.startedBootMs),
      }
    case 'stopping':
      return {
        ...base,
        status: 'stopping',
        pid: state.pid,
        startedAt: state.startedAtMs === null ? null : iso(state.startedAtMs),
        uptimeSeconds: state.startedBootMs === null ? null : secondsSince(state.startedBootMs),
      }
    case 'backoff':
      return { ...base, status: 'backoff', nextStartAt: iso(state.nextStartAtMs), reason: state.reason }
    case 'stopped':
      return { ...base, status: 'stopped', reason: state.reason }
    case 'failed':
      return { ...base, status: 'failed', reason: state.reason }
    default:
      return assertNever(state)
  }
}

const secondsSince = (bootMs: number): number => Math.max(0, bootNowMs() - bootMs) / 1_000

import { z } from 'zod'
import { Environment, ShipDefinition } from '../api/definition.ts'
import { KeelanEvent } from '../api/events.ts'
import type { NewEvent, RunRecord, ShimRecord, ShipRecord, ShipState } from '../api/records.ts'
import { EndReason, type Run } from '../api/ship.ts'
import { iso, isoOrNull, type Row } from './sql.ts'

/** Rows as they lie in the tables of `migrations.ts`, to and from the records that the supervisor knows. */

export function shipRow(ship: ShipRecord): Row {
  const { state, lastEnd } = ship
  const running = state.status === 'running' || state.status === 'stopping' ? state : null
  return {
    name: ship.definition.name,
    status: state.status,
    processId: running?.pid ?? null,
    startedAt: isoOrNull(running?.startedAtMs ?? null),
    startedBootMs: running?.startedBootMs ?? null,
    stoppedAt: isoOrNull(lastEnd?.stoppedAtMs ?? null),
    exitCode: lastEnd?.exitCode ?? null,
    signal: lastEnd?.signal ?? null,
    wish: ship.wish,
    restarts: ship.restarts,
    reason: 'reason' in state ? state.reason : null,
    nextStartAt: state.status === 'backoff' ? iso(state.nextStartAtMs) : null,
    shimId: ship.shimId,
    revision: ship.revision,
    definition: JSON.stringify(ship.definition),
    shellEnvironment: JSON.stringify(ship.shellEnvironment),
  }
}

const ShipRow = z.object({
  status: z.enum(['starting', 'running', 'stopping', 'backoff', 'stopped', 'failed']),
  processId: z.number().nullable(),
  startedAt: z.string().nullable(),
  startedBootMs: z.number().nullable(),
  stoppedAt: z.string().nullable(),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  wish: z.enum(['up', 'down']),
  restarts: z.number(),
  reason: z.string().nullable(),
  nextStartAt: z.string().nullable(),
  shimId: z.string().nullable(),
  revision: z.number(),
  definition: z.string(),
  shellEnvironment: z.string(),
})

export function shipRecord(row: unknown): ShipRecord {
  const ship = ShipRow.parse(row)
  return {
    definition: ShipDefinition.parse(JSON.parse(ship.definition)),
    shellEnvironment: Environment.parse(JSON.parse(ship.shellEnvironment)),
    revision: ship.revision,
    wish: ship.wish,
    state: shipState(ship),
    lastEnd:
      ship.stoppedAt === null
        ? null
        : { stoppedAtMs: Date.parse(ship.stoppedAt), exitCode: ship.exitCode, signal: ship.signal },
    restarts: ship.restarts,
    shimId: ship.shimId,
  }
}

function shipState(row: z.infer<typeof ShipRow>): ShipState {
  const startedAtMs = row.startedAt === null ? null : Date.parse(row.startedAt)
  switch (row.status) {
    case 'starting':
      return { status: 'starting' }
    case 'running':
      return {
        status: 'running',
        pid: row.processId ?? 0,
        startedAtMs: startedAtMs ?? 0,
        startedBootMs: row.startedBootMs ?? 0,
      }
    case 'stopping':
      return { status: 'stopping', pid: row.processId, startedAtMs, startedBootMs: row.startedBootMs }
    case 'backoff':
      return { status: 'backoff', nextStartAtMs: Date.parse(row.nextStartAt ?? ''), reason: row.reason ?? '' }
    case 'stopped':
      return { status: 'stopped', reason: row.reason }
    case 'failed':
      return { status: 'failed', reason: row.reason ?? '' }
  }
}

export function shimRow(shim: ShimRecord): Row {
  return {
    id: shim.id,
    ship: shim.ship,
    revision: shim.revision,
    bootId: shim.identity?.bootId ?? null,
    processId: shim.identity?.pid ?? null,
    processStart: shim.identity?.startTime ?? null,
    lastLine: shim.lastLine,
    ended: shim.ended ? 1 : 0,
  }
}

const ShimRow = z.object({
  id: z.string(),
  ship: z.string(),
  revision: z.number(),
  bootId: z.string().nullable(),
  processId: z.number().nullable(),
  processStart: z.string().nullable(),
  lastLine: z.number(),
  ended: z.number(),
})

export function shimRecord(row: unknown): ShimRecord {
  const { id, ship, revision, bootId, processId, processStart, lastLine, ended } = ShimRow.parse(row)
  const known = bootId !== null && processId !== null && processStart !== null
  return {
    id,
    ship,
    revision,
    identity: known ? { bootId, pid: processId, startTime: processStart } : null,
    lastLine,
    ended: ended === 1,
  }
}

export function runRow(run: RunRecord): Row {
  const { end } = run
  return {
    ship: run.ship,
    shimId: run.shimId,
    line: run.line,
    processId: run.process?.pid ?? null,
    processStart: run.process?.startTime ?? null,
    startedAt: iso(run.startedAtMs),
    startedBootMs: run.startedBootMs,
    logPosition: run.logPosition,
    endedAt: isoOrNull(end?.endedAtMs ?? null),
    durationMs: end?.durationMs ?? null,
    exitCode: end?.exitCode ?? null,
    signal: end?.signal ?? null,
    coreDumped: end?.coreDumped ? 1 : 0,
    reason: end?.reason ?? null,
    message: end?.message ?? null,
    helperAway: end?.helperAway ? 1 : 0,
    cpuUserMs: end?.cpuUserMs ?? null,
    cpuSystemMs: end?.cpuSystemMs ?? null,
    peakMemoryBytes: end?.peakMemoryBytes ?? null,
  }
}

const RunRow = z.object({
  id: z.number(),
  ship: z.string(),
  shimId: z.string(),
  line: z.number(),
  processId: z.number().nullable(),
  processStart: z.string().nullable(),
  startedAt: z.string(),
  startedBootMs: z.number(),
  logPosition: z.string().nullable(),
  endedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  coreDumped: z.number(),
  reason: EndReason.nullable(),
  message: z.string().nullable(),
  helperAway: z.number(),
  cpuUserMs: z.number().nullable(),
  cpuSystemMs: z.number().nullable(),
  peakMemoryBytes: z.number().nullable(),
})

/** A run that has not ended, as the supervisor takes it up again. */
export function openRunRecord(row: unknown): RunRecord {
  const run = RunRow.parse(row)
  return {
    ship: run.ship,
    shimId: run.shimId,
    line: run.line,
    process: run.processId === null ? null : { pid: run.processId, startTime: run.processStart ?? '' },
    startedAtMs: Date.parse(run.startedAt),
    startedBootMs: run.startedBootMs,
    logPosition: run.logPosition,
    end: null,
  }
}

/** A run as the API shows it. */
export function apiRun(row: unknown): Run {
  const {
    shimId: _shim,
    line: _line,
    processId,
    processStart: _start,
    startedBootMs: _boot,
    ...run
  } = RunRow.parse(row)
  return { ...run, pid: processId, coreDumped: run.coreDumped === 1, helperAway: run.helperAway === 1 }
}

export function eventRow(event: NewEvent): Row {
  return {
    time: iso(event.timeMs),
    type: event.type,
    name: event.name,
    message: event.message,
    ship: event.ship === null ? null : JSON.stringify(event.ship),
    shimId: event.origin?.shimId ?? null,
    line: event.origin?.line ?? null,
  }
}

const EventRow = z.object({
  seq: z.number(),
  time: z.string(),
  type: z.string(),
  name: z.string().nullable(),
  message: z.string(),
  ship: z.string().nullable(),
})

export function apiEvent(row: unknown): KeelanEvent {
  const event = EventRow.parse(row)
  return KeelanEvent.parse({ ...event, ship: event.ship === null ? null : JSON.parse(event.ship) })
}

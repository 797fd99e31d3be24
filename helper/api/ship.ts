import { z } from 'zod'
import { ShipDefinition, ShipName } from './definition.ts'

/** UTC, to the millisecond: `2026-11-22T10:00:00.000Z`. */
export const Time = z.iso.datetime({ precision: 3 })

/** `GENERATION:OFFSET`: a place in a log that stays valid as the log grows. */
export const LogPosition = z.string().regex(/^\d{1,15}:\d{1,15}$/)

/** Why a run ended. `unknown`: its shim had been killed, so nobody could see the code. */
export const EndReason = z.enum([
  'asked',
  'completed',
  'crashed',
  'killed',
  'failed-to-start',
  'unknown',
  'machine-restarted',
])
export type EndReason = z.infer<typeof EndReason>

export const Run = z.strictObject({
  id: z.number().int(),
  ship: ShipName,
  pid: z.number().int().nullable(),
  startedAt: Time,
  /** null while it runs. */
  endedAt: Time.nullable(),
  durationMs: z.number().int().nullable(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  coreDumped: z.boolean(),
  reason: EndReason.nullable(),
  /** In words: `exited with code 7 after 3 s`. */
  message: z.string().nullable(),
  /** The helper was not there when it ended, and learned of it from the journal. */
  helperAway: z.boolean(),
  cpuUserMs: z.number().nullable(),
  cpuSystemMs: z.number().nullable(),
  peakMemoryBytes: z.number().int().nullable(),
  /** Where its output begins in the ship's log. */
  logPosition: LogPosition.nullable(),
})
export type Run = z.infer<typeof Run>

export const Health = z.enum(['healthy', 'unhealthy', 'unknown'])

/** What every ship has, whatever its state. `exitCode` and `signal` are those of the last run that ended. */
const shipBase = {
  name: ShipName,
  /** What the person wants: remembered over restarts of helper and machine. */
  wish: z.enum(['up', 'down']),
  health: Health.nullable(),
  stoppedAt: Time.nullable(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** Starts that nobody asked for, since the last one that was asked for. */
  restarts: z.number().int(),
  uptimeSeconds: z.number().nullable(),
  /** The definition was changed after the ship started: it applies at the next start. */
  definitionChanged: z.boolean(),
  /** The command as a person would type it. */
  command: z.string(),
}

const ship = <S extends string, F extends z.ZodRawShape>(status: S, fields: F) =>
  z.strictObject({ ...shipBase, status: z.literal(status), ...fields })

/** A ship as listings and events show it: a sum over `status`; a field that a state does not have is null, not absent. */
export const Ship = z.discriminatedUnion('status', [
  ship('starting', { pid: z.null(), startedAt: z.null(), nextStartAt: z.null(), reason: z.null() }),
  ship('running', { pid: z.number().int(), startedAt: Time, nextStartAt: z.null(), reason: z.null() }),
  ship('stopping', {
    pid: z.number().int().nullable(),
    startedAt: Time.nullable(),
    nextStartAt: z.null(),
    reason: z.null(),
  }),
  ship('stopped', { pid: z.null(), startedAt: z.null(), nextStartAt: z.null(), reason: z.string().nullable() }),
  ship('backoff', { pid: z.null(), startedAt: z.null(), nextStartAt: Time, reason: z.string() }),
  ship('failed', { pid: z.null(), startedAt: z.null(), nextStartAt: z.null(), reason: z.string() }),
])
export type Ship = z.infer<typeof Ship>
export type ShipStatus = Ship['status']
export const shipStatuses = ['running', 'starting', 'stopping', 'backoff', 'failed', 'stopped'] as const

/** A ship with its definition. Values of `env` are `***` unless they were asked for. */
export const ShipDetail = z.strictObject({
  ship: Ship,
  definition: ShipDefinition,
  logFiles: z.array(z.string()),
})
export type ShipDetail = z.infer<typeof ShipDetail>

/** One line of the reply to a search: where lines that match begin, how far it is, and at last how many there are. */
export const SearchLine = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('matches'),
    generation: z.number().int(),
    /** Of the first byte of each line, ascending over the whole reply. */
    offsets: z.array(z.number().int()),
  }),
  z.strictObject({ type: z.literal('progress'), searchedBytes: z.number().int(), totalBytes: z.number().int() }),
  z.strictObject({
    type: z.literal('done'),
    /** All lines that match, also those beyond the limit. */
    count: z.number().int(),
    /** Where the search ended: what is written later can be searched from here. */
    end: LogPosition,
  }),
])
export type SearchLine = z.infer<typeof SearchLine>

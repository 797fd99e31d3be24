import type { Environment, ShipDefinition } from './definition.ts'
import type { EndReason, Ship } from './ship.ts'
import type { KeelanEvent } from './events.ts'

/** What supervisor and store agree on, and nobody else sees: the supervisor decides, the store remembers. */

/** What a ship is doing, each state with what it alone has. Times `…Ms` are wall clock, `…BootMs` count from the machine's start. */
export type ShipState =
  | { status: 'starting' }
  | { status: 'running'; pid: number; startedAtMs: number; startedBootMs: number }
  | { status: 'stopping'; pid: number | null; startedAtMs: number | null; startedBootMs: number | null }
  | { status: 'backoff'; nextStartAtMs: number; reason: string }
  | { status: 'stopped'; reason: string | null }
  | { status: 'failed'; reason: string }

/** How the last run that ended did so. */
export interface LastEnd {
  readonly stoppedAtMs: number
  readonly exitCode: number | null
  readonly signal: string | null
}

export interface ShipRecord {
  readonly definition: ShipDefinition
  readonly shellEnvironment: Environment
  /** Grows with every change of the definition. */
  readonly revision: number
  readonly wish: 'up' | 'down'
  readonly state: ShipState
  readonly lastEnd: LastEnd | null
  readonly restarts: number
  /** The newest shim it was given, also after that ended. */
  readonly shimId: string | null
}

export interface ShimRecord {
  readonly id: string
  readonly ship: string
  /** Of the definition it runs. */
  readonly revision: number
  /** Known once its journal has a first line. */
  readonly identity: { readonly bootId: string; readonly pid: number; readonly startTime: string } | null
  /** Number of the last journal line that was taken. */
  readonly lastLine: number
  readonly ended: boolean
}

/** One run; (shimId, line) of its `start` line names it. */
export interface RunRecord {
  readonly ship: string
  readonly shimId: string
  readonly line: number
  /** null when it could not even be forked. */
  readonly process: { readonly pid: number; readonly startTime: string } | null
  readonly startedAtMs: number
  readonly startedBootMs: number
  readonly logPosition: string | null
  readonly end: RunEnd | null
}

export interface RunEnd {
  readonly endedAtMs: number
  readonly durationMs: number | null
  readonly exitCode: number | null
  readonly signal: string | null
  readonly coreDumped: boolean
  readonly reason: EndReason
  readonly message: string
  readonly helperAway: boolean
  readonly cpuUserMs: number | null
  readonly cpuSystemMs: number | null
  readonly peakMemoryBytes: number | null
}

/** An event before it has a number. `origin` is the journal line that it comes from: each gives at most one event. */
export interface NewEvent {
  readonly timeMs: number
  readonly type: KeelanEvent['type']
  readonly name: string | null
  readonly message: string
  readonly ship: Ship | null
  readonly origin: { readonly shimId: string; readonly line: number } | null
}

/** What is written in one transaction. */
export interface Change {
  readonly ship?: ShipRecord
  /** Forget this ship; its runs and events stay until their time is over. */
  readonly removeShip?: string
  readonly shim?: ShimRecord
  /** In order; a run may begin and another end in one change. */
  readonly runs?: readonly RunRecord[]
  readonly events: readonly NewEvent[]
}

/** Everything the supervisor needs at its start. */
export interface Remembered {
  readonly stream: string
  readonly lastSeq: number
  /** The boot on which ships were last started by `autostart`. */
  readonly autostartBootId: string | null
  readonly ships: readonly ShipRecord[]
  /** Those that have not ended. */
  readonly shims: readonly ShimRecord[]
  /** Those that have not ended. */
  readonly runs: readonly RunRecord[]
}

/** The supervisor's way to remember. */
export interface Memory {
  load(): Promise<Remembered>
  /**
   * Writes all or nothing. `told` is called with the numbered events right after, synchronously and in the order of
   * commits, so that whoever publishes there can neither skip nor swap one.
   */
  commit(change: Change, told: (events: readonly KeelanEvent[]) => void): Promise<void>
  setAutostartBootId(bootId: string): Promise<void>
}

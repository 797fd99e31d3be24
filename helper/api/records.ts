import type { Environment, ShipDefinition } from './definition.ts'
import type { EndReason, Ship } from './ship.ts'
import type { KeelanEvent } from './events.ts'
import type { IncidentOutcome } from './incidents.ts'
import type { Settings } from './settings.ts'

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

/** A run, by the journal line that it began with. */
export type RunKey = Pick<RunRecord, 'shimId' | 'line'>

/** An incident that lasts; a ship has one at most. */
export interface OpenIncident {
  readonly openedAtMs: number
  readonly failures: number
  readonly reason: string
  readonly lastReason: string
  /** The run that failed first, whose output tells of it; null if none did. */
  readonly run: RunKey | null
}

/** What becomes of a ship's incident. */
export type IncidentChange =
  | { readonly kind: 'opened' | 'failed-again'; readonly ship: string; readonly incident: OpenIncident }
  | {
      readonly kind: 'closed'
      readonly ship: string
      readonly closedAtMs: number
      readonly outcome: IncidentOutcome
      /** It was none after all: nobody is to be told. */
      readonly withdrawn: boolean
    }

/** What is written in one transaction. */
export interface Change {
  readonly ship?: ShipRecord
  /** Forget this ship; its runs and events stay until their time is over. */
  readonly removeShip?: string
  readonly shim?: ShimRecord
  /** In order; a run may begin and another end in one change. */
  readonly runs?: readonly RunRecord[]
  /** In order. What a person is to be told of them is written with them. */
  readonly incidents?: readonly IncidentChange[]
  readonly settings?: Settings
  /** The person wants to see that notifications arrive. */
  readonly testNotice?: true
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
  /** Those that last, by ship. */
  readonly incidents: ReadonlyMap<string, OpenIncident>
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

/** An incident as a person is told of it. */
export interface ToldIncident extends Omit<OpenIncident, 'run'> {
  readonly id: number
  readonly ship: string
  /** null while it lasts. */
  readonly closed: { readonly atMs: number; readonly outcome: IncidentOutcome } | null
  /** Where the output of the run that failed first begins, and that of the next one: positions; null where there is none. */
  readonly log: { readonly from: string | null; readonly to: string | null }
}

export type NoticeState = 'pending' | 'claimed' | 'told' | 'settled'

/** Something to be told that nobody is known to have told yet. */
export interface UntoldNotice {
  readonly id: number
  readonly kind: 'failed' | 'recovered' | 'test'
  readonly madeAtMs: number
  /** How often it could not be told. */
  readonly attempts: number
  /** Who is telling it, and until when that is believed. */
  readonly claim: { readonly holder: string; readonly untilMs: number } | null
  /** null for a test. */
  readonly incident: ToldIncident | null
  /** Of `recovered`: what became of the notice that the same incident had begun. */
  readonly failure: NoticeState | null
}

/** What several notices are told in, while somebody tells it. */
export interface NoticeClaim {
  readonly message: string
  readonly notices: readonly number[]
  readonly holder: string
  readonly untilMs: number
}

/** The channels' way to remember what is still to be told. */
export interface NoticeMemory {
  /** Oldest first. */
  untold(): Promise<UntoldNotice[]>
  claim(claim: NoticeClaim): Promise<void>
  /** Says that the message was told; false if `holder` does not hold it. */
  confirm(message: string, holder: string): Promise<boolean>
  /** Gives back what could not be told. */
  giveBack(message: string): Promise<void>
  /** Gives back all that this holder has: it is gone. */
  giveBackAll(holder: string): Promise<void>
  /** Nobody is to be told of these any more. */
  settle(notices: readonly number[]): Promise<void>
}

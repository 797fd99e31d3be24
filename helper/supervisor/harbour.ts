import type { KeelanEvent } from '../api/events.ts'
import type { Memory } from '../api/records.ts'
import type { OomKills } from './oom-kills.ts'

/** What every ship needs of its surroundings; one object serves them all. */
export interface Harbour {
  readonly memory: Memory
  /** Called in the order of commits, synchronously with them. */
  readonly publish: (events: readonly KeelanEvent[]) => void
  /** The shim's binary. */
  readonly shimPath: string
  readonly shipRuns: string
  readonly shipLogs: string
  readonly bootId: string
  readonly helperStartedMs: number
  /** Generation of a log file, for the positions at which runs begin. */
  readonly logGeneration: (path: string) => number
  /** Called before a ship starts, and when it is taken up: its log may grow from now on. */
  readonly shipStarts: (name: string, logs: readonly string[]) => void
  readonly oomKills: OomKills
  readonly random: () => number
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void
  /** For tests that kill the helper at a given point of a ship's life; does nothing otherwise. */
  readonly failpoint: (name: Failpoint, ship: string) => void
}

export type Failpoint =
  'before-commit' | 'before-spawn' | 'after-spawn' | 'before-wish-down' | 'after-wish-down' | 'before-take'

import type { KeelanError } from '../../../helper/api/errors.ts'
import type { LogLine } from './log-line.ts'

/** Lines that went by while nobody could see them, or that nobody has looked at. `lines` is null where only the bytes are known. */
export interface Passed {
  /** Where they begin. */
  readonly from: number
  readonly lines: number | null
  readonly bytes: number
}

/** Where the view is to go: to the line that a byte is in. Another `count`: again, even if it is the same line. */
export interface Target {
  readonly offset: number
  readonly align: 'start' | 'center'
  readonly count: number
}

export interface LogState {
  readonly phase: 'opening' | 'open' | 'failed'
  readonly lines: readonly LogLine[]
  readonly generation: number
  /** Bytes, as far as is known. */
  readonly size: number
  /** The lines reach to the end of the log. */
  readonly atEnd: boolean
  /** The newest lines are shown as they come. */
  readonly following: boolean
  /** What was written since it was followed last. */
  readonly fresh: Passed | null
  /** What was too fast to be shown. */
  readonly skipped: Passed | null
  readonly away: boolean
  /** `shown`: the log was truncated or replaced, and what is shown is from before; `told`: it is the new one. */
  readonly begunAfresh: 'no' | 'shown' | 'told'
  readonly error: KeelanError | null
  readonly target: Target | null
}

/** Before anything was read. */
export const atFirst: LogState = {
  phase: 'opening',
  lines: [],
  generation: 0,
  size: 0,
  atEnd: false,
  following: true,
  fresh: null,
  skipped: null,
  away: false,
  begunAfresh: 'no',
  error: null,
  target: null,
}

/** More of what passed; lines that nobody counted make all of them uncounted. */
export function more(passed: Passed | null, from: number, lines: number | null, bytes: number): Passed {
  if (!passed) return { from, lines, bytes }
  const sum = passed.lines === null || lines === null ? null : passed.lines + lines
  return { from: passed.from, lines: sum, bytes: passed.bytes + bytes }
}

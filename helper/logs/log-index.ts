import { closeSync, ftruncateSync, openSync, renameSync, type Stats, statSync, writeSync } from 'node:fs'
import {
  decodeHeader,
  decodeRecord,
  encodeHeader,
  encodeRecord,
  HEADER_BYTES,
  type IndexHeader,
  readAt,
  RECORD_BYTES,
  recordCount,
} from './index-format.ts'

/** What tells one generation of a log from the next: which file it is, and how long. Part of a `Stats`. */
export type FileState = Pick<Stats, 'ino' | 'size'>

interface IndexState extends IndexHeader {
  /** Records up to the last sound one. */
  count: number
  /** Length of the log at the last sound record. */
  noted: number
}

// Ticks further apart than this were missed: what grew meanwhile has an upper bound only.
const LATE_MS = 3_000
// More broken records than this at the end are not a cut-short write: the index begins afresh.
const MAX_BROKEN = 1_024

/** The index file of a log. */
export const indexPath = (log: string): string => `${log}.times`

/**
 * Notes once a second how long the logs of live ships are. Holds no descriptors and trusts no memory but the last size:
 * a log that did not change costs one stat; one that did has its index read again, so whoever else began a new
 * generation (see `beginGeneration`) is noticed. What is truncated and has grown past its noted length again within a
 * tick cannot be told from growth.
 */
export class LogNotes {
  readonly #seen = new Map<string, FileState | undefined>()
  readonly #failing = new Set<string>()
  readonly #warn: (log: string, error: unknown) => void
  #lastTickMs: number | undefined

  /** `warn` is told of an index that cannot be written, once until it can be again. */
  constructor(warn: (log: string, error: unknown) => void) {
    this.#warn = warn
  }

  /**
   * Begins to note a log, which need not exist yet. What it already has beyond the last note was written while nobody
   * looked: its time is the file's mtime, as an upper bound. So the log is added before its ship starts,
   * and at the helper's start that of every ship.
   */
  add(log: string, nowMs: number): void {
    if (this.#seen.has(log)) return
    this.#seen.set(log, undefined)
    this.#look(log, nowMs, true)
  }

  /** Notes a log for the last time, when its ship has ended. */
  remove(log: string, nowMs: number): void {
    if (this.#seen.has(log)) this.#look(log, nowMs, this.#isLate(nowMs))
    this.#seen.delete(log)
    this.#failing.delete(log)
  }

  /** To be called once a second. Never throws. */
  tick(nowMs: number): void {
    const late = this.#isLate(nowMs)
    for (const log of this.#seen.keys()) this.#look(log, nowMs, late)
    this.#lastTickMs = nowMs
  }

  #isLate(nowMs: number): boolean {
    return this.#lastTickMs !== undefined && nowMs - this.#lastTickMs > LATE_MS
  }

  #look(log: string, nowMs: number, unwatched: boolean): void {
    const away = unwatched || this.#failing.has(log)
    try {
      const file = statSync(log, { throwIfNoEntry: false })
      const seen = this.#seen.get(log)
      if (!file || (seen && seen.size === file.size && seen.ino === file.ino)) return
      note(log, file, away ? Math.min(file.mtimeMs, nowMs) : nowMs, away)
      this.#seen.set(log, { ino: file.ino, size: file.size })
      this.#failing.delete(log)
    } catch (error) {
      if (!this.#failing.has(log)) this.#warn(log, error)
      this.#failing.add(log)
    }
  }
}

/**
 * The generation of a log whose file is in this state; 1 without an index. A file that shrank or was replaced since its
 * last note begins the next generation here and now, so that a position that was given out keeps its meaning.
 */
export function generationOf(log: string, file: FileState): number {
  const index = readIndexIfPossible(log)
  if (!index || describes(index, file)) return index?.generation ?? 1
  return startIndex(log, file, index.generation + 1)
}

/** The generation of a log that does not exist: that of its index, 1 without one. */
export function lastGeneration(log: string): number {
  return readIndexIfPossible(log)?.generation ?? 1
}

/**
 * Begins the generation after `ended`, which a reader saw ending (it knows of a length that no note tells of), unless
 * that was done already. `file` is the state of the log now.
 * @returns the generation of the log now
 */
export function beginGeneration(log: string, file: FileState, ended: number): number {
  return lastGeneration(log) > ended ? generationOf(log, file) : startIndex(log, file, ended + 1)
}

function note(log: string, file: FileState, timeMs: number, away: boolean): void {
  let index = readIndex(log)
  if (!index || !describes(index, file)) {
    index = { generation: (index?.generation ?? 0) + 1, inode: file.ino, count: 0, noted: 0 }
    createIndex(log, index)
  }
  if (file.size === index.noted) return
  const end = HEADER_BYTES + index.count * RECORD_BYTES
  withFile(indexPath(log), 'r+', (fd) => {
    // The place is computed, not the end of the file: what an earlier write left behind in part is written over.
    writeSync(fd, encodeRecord({ offset: file.size, timeMs, away }), 0, RECORD_BYTES, end)
    if (recordCount(fd) > index.count + 1) ftruncateSync(fd, end + RECORD_BYTES)
  })
}

function describes(index: IndexState, file: FileState): boolean {
  return index.inode === file.ino && index.noted <= file.size
}

/** For readers: the log is worth more than its times, so an index that cannot be read counts as none. */
function readIndexIfPossible(log: string): IndexState | undefined {
  try {
    return readIndex(log)
  } catch {
    return undefined
  }
}

/**
 * `undefined` for an index that is missing or not one. Throws if that cannot be told (no descriptors left, say), so that
 * `note` does not put generation 1 in its place.
 */
function readIndex(log: string): IndexState | undefined {
  if (!statSync(indexPath(log), { throwIfNoEntry: false })) return undefined
  return withFile(indexPath(log), 'r', (fd) => {
    const header = decodeHeader(readAt(fd, 0, HEADER_BYTES))
    if (!header) return undefined
    const count = recordCount(fd)
    for (let last = count; last > Math.max(0, count - MAX_BROKEN); last--) {
      const record = decodeRecord(readAt(fd, HEADER_BYTES + (last - 1) * RECORD_BYTES, RECORD_BYTES))
      if (record) return { ...header, count: last, noted: record.offset }
    }
    return { ...header, count: 0, noted: 0 }
  })
}

/** Readers go on where the index cannot be written: the next tick tries again, and reports it. */
function startIndex(log: string, file: FileState, generation: number): number {
  try {
    createIndex(log, { generation, inode: file.ino })
  } catch {}
  return generation
}

/** By a rename, so that readers of the old index keep it. Not synced: after a power cut readers begin again, no more. */
function createIndex(log: string, header: IndexHeader): void {
  const path = indexPath(log)
  withFile(`${path}.new`, 'w', (fd) => writeSync(fd, encodeHeader(header)))
  renameSync(`${path}.new`, path)
}

function withFile<T>(path: string, flags: string, use: (fd: number) => T): T {
  const fd = openSync(path, flags, 0o600)
  try {
    return use(fd)
  } finally {
    closeSync(fd)
  }
}

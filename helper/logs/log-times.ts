import { closeSync, openSync } from 'node:fs'
import {
  decodeHeader,
  decodeRecord,
  HEADER_BYTES,
  type IndexRecord,
  readAt,
  RECORD_BYTES,
  recordCount,
} from './index-format.ts'
import { indexPath } from './log-index.ts'

/** When a byte was written: within the second before `timeMs` if `exact`, at some time up to it if not. */
export interface LogTime {
  timeMs: number
  exact: boolean
}

const BLOCK_RECORDS = 256

/**
 * Looks up times in the index of one generation of a log, which may go on growing. Reads single blocks, never the whole
 * file. Answers `undefined` where the index is missing, broken or of another generation. To be closed.
 */
export class LogTimes {
  readonly #fd: number | undefined
  // Invariant: #block holds the records from #blockStart on, as they were in the file when it was read.
  #block: Buffer = Buffer.alloc(0)
  #blockStart = 0
  #found: { from: number; to: number; time: LogTime } | undefined

  constructor(log: string, generation: number) {
    this.#fd = openIndex(log, generation)
  }

  /** When the byte at `offset` was written; `undefined` also for what was not noted yet. */
  timeOf(offset: number): LogTime | undefined {
    if (this.#found && this.#found.from <= offset && offset < this.#found.to) return this.#found.time
    let low = this.#blockStart
    let high = this.#blockEnd()
    const first = this.#record(low)
    const last = this.#record(high - 1)
    // A reader that goes on line by line finds most of its answers in the block at hand.
    if (!(first && last && first.offset <= offset && offset < last.offset)) {
      low = 0
      high = this.#count()
      const newest = this.#record(high - 1)
      if (newest && newest.offset <= offset) return undefined
    }
    const at = this.#first(low, high, (record) => record.offset > offset)
    const record = at < high ? this.#record(at) : undefined
    const before = at === 0 ? 0 : this.#record(at - 1)?.offset
    if (!record || before === undefined) return undefined
    this.#found = { from: before, to: record.offset, time: { timeMs: record.timeMs, exact: !record.away } }
    return this.#found.time
  }

  /**
   * The offset of the first byte that may have been written at or after `timeMs`; the noted length of the log if there
   * is none. A clock that was set back leaves times that are not in order: the answer is then one of several.
   */
  firstSince(timeMs: number): number | undefined {
    if (this.#fd === undefined) return undefined
    const at = this.#first(0, this.#count(), (record) => record.timeMs >= timeMs)
    return at === 0 ? 0 : this.#record(at - 1)?.offset
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
  }

  /** Binary search. A broken record counts as beyond what is looked for: the answer is then it, or right without it. */
  #first(low: number, high: number, matches: (record: IndexRecord) => boolean): number {
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const record = this.#record(middle)
      if (!record || matches(record)) high = middle
      else low = middle + 1
    }
    return low
  }

  #count(): number {
    return this.#fd === undefined ? 0 : recordCount(this.#fd)
  }

  #blockEnd(): number {
    return this.#blockStart + Math.floor(this.#block.length / RECORD_BYTES)
  }

  #record(number: number): IndexRecord | undefined {
    if (number < 0 || this.#fd === undefined) return undefined
    if (number < this.#blockStart || number >= this.#blockEnd()) {
      this.#blockStart = number - (number % BLOCK_RECORDS)
      this.#block = readAt(this.#fd, HEADER_BYTES + this.#blockStart * RECORD_BYTES, BLOCK_RECORDS * RECORD_BYTES)
    }
    return decodeRecord(this.#block, (number - this.#blockStart) * RECORD_BYTES)
  }
}

function openIndex(log: string, generation: number): number | undefined {
  let fd: number
  try {
    fd = openSync(indexPath(log), 'r')
  } catch {
    return undefined
  }
  try {
    if (decodeHeader(readAt(fd, 0, HEADER_BYTES))?.generation === generation) return fd
  } catch {}
  closeSync(fd)
  return undefined
}

import { countLines, keptBytes, lineOf, type LogLine } from './log-line.ts'

const newline = 10
const encoder = new TextEncoder()

/** What came of some bytes: `dropped` lines were only counted, then come `lines`, then what has no newline yet. */
export interface Split {
  readonly dropped: number
  readonly lines: LogLine[]
  readonly rest: LogLine | null
}

/** Makes lines of a log's bytes as they come. Of a line without an end only its beginning is kept. */
export class LineSplitter {
  #offset: number
  #length = 0
  #start: Uint8Array = new Uint8Array(0)
  /** How many more bytes of the line are kept: one more than needed, since the last may be a part of a character. */
  #room = keptBytes + 1
  #time: number | null = null
  #exact = true
  /** What is before this offset was written before it came. */
  #freshFrom = 0

  /** Begins at the start of a line, or goes on with one that has no newline yet. */
  constructor(begun: number | LogLine) {
    if (typeof begun === 'number') this.#offset = begun
    else {
      this.#offset = begun.offset
      this.#length = begun.length
      this.#start = begun.bytes ?? encoder.encode(begun.text)
      this.#room = begun.length <= keptBytes ? keptBytes + 1 - begun.length : 0
      this.#time = begun.time
      this.#exact = begun.exact
    }
  }

  /** Where the next byte belongs. */
  get position(): number {
    return this.#offset + this.#length
  }

  /** Says that what is before an offset came late: when it was written is not known exactly. */
  isLateBefore(offset: number): void {
    this.#freshFrom = offset
  }

  /** Takes bytes that came at `now` (ms since 1970) and makes lines of the last ones, at most `most` of them. */
  push(bytes: Uint8Array, most: number, now: number): Split {
    const { at, dropped } = this.#drop(bytes, most)
    const lines: LogLine[] = []
    let from = at
    for (let end = bytes.indexOf(newline, from); end >= 0; end = bytes.indexOf(newline, from)) {
      this.#take(bytes.subarray(from, end), now)
      const next = this.position + 1
      lines.push(this.#line(next))
      this.#begin(next)
      from = end + 1
    }
    // A line begins with its first byte: of the next one none may have come yet.
    if (from < bytes.length) this.#take(bytes.subarray(from), now)
    return { dropped, lines, rest: this.#length === 0 ? null : this.#line(this.position) }
  }

  /** Leaves out the first lines if there are more than `most`. */
  #drop(bytes: Uint8Array, most: number): { at: number; dropped: number } {
    let at = bytes.length
    for (let left = most + 1; left > 0; left--) {
      at = at > 0 ? bytes.lastIndexOf(newline, at - 1) : -1
      if (at < 0) return { at: 0, dropped: 0 }
    }
    const dropped = countLines(bytes.subarray(0, at + 1))
    this.#begin(this.position + at + 1)
    return { at: at + 1, dropped }
  }

  #begin(offset: number): void {
    this.#offset = offset
    this.#length = 0
    this.#start = new Uint8Array(0)
    this.#room = keptBytes + 1
    this.#time = null
  }

  #take(bytes: Uint8Array, now: number): void {
    if (this.#time === null) {
      this.#time = now
      this.#exact = this.#offset >= this.#freshFrom
    }
    const kept = bytes.subarray(0, this.#room)
    this.#room -= kept.length
    if (kept.length > 0) this.#start = joined(this.#start, kept)
    this.#length += bytes.length
  }

  #line(end: number): LogLine {
    const place = { offset: this.#offset, end, length: this.#length }
    return lineOf(this.#start, place, { time: this.#time, exact: this.#exact })
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

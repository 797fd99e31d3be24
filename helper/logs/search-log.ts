import type { FileHandle } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type LogTime, LogTimes } from './log-times.ts'
import { openLog, readFully } from './open-log.ts'
import { startPatternWorker } from './pattern-worker.ts'
import type { Position } from './position.ts'
import { startOfLine } from './read-log.ts'

const NEWLINE = 10
// A line longer than a block comes in pieces of this size, so that memory is bounded whatever the log holds.
const BLOCK_BYTES = 1024 * 1024
const TURN_MS = 5
const PATTERN_LIMIT_MS = 2_000

/** One line of a log, or one piece of a very long one. */
export interface LineEntry {
  generation: number
  /** Of its first byte. */
  offset: number
  /** Of the byte after it and its newline. */
  next: number
  /** When its first byte was written; `undefined` if not known (not noted yet, or no index). */
  time: LogTime | undefined
  /** Without the newline. A copy: may be kept. */
  bytes: Buffer
  /** The line goes on in the entry that follows. */
  continued: boolean
}

export interface SearchOptions {
  /** Where to begin, by default at the start; one of another generation counts as the start of the present one. */
  from?: Position
  /** The offset to end before, by default the log's size at the beginning of the search. */
  to?: number
  /** Gives only lines (or pieces) that match, without their line ending, read as utf8. */
  pattern?: RegExp
  /** Gives only what may have been written at or after this time in ms, with the line then being written. */
  sinceMs?: number
  /** Ends after so many entries. */
  limit?: number
  /** Makes the search fail with the signal's reason. */
  signal?: AbortSignal
  /** How long `pattern` may take on one MiB before the search fails with `pattern-too-slow`, in ms. */
  patternLimitMs?: number
}

/**
 * Gives the lines of a log in their order. Neither a large log nor a pattern that never ends holds up the event loop.
 * Without an index `sinceMs` has no effect, as no time is known. A missing log has no lines.
 */
export async function* searchLog(log: string, options: SearchOptions = {}): AsyncGenerator<LineEntry> {
  const { from, pattern, sinceMs, limit = Infinity, signal, patternLimitMs = PATTERN_LIMIT_MS } = options
  signal?.throwIfAborted()
  const opened = limit < 1 ? undefined : await openLog(log)
  if (!opened) return
  const { handle, generation, size } = opened
  const times = new LogTimes(log, generation)
  const worker = pattern && startPatternWorker(pattern, patternLimitMs)
  const endTurn = turns()
  let left = limit
  try {
    const to = Math.min(options.to ?? size, size)
    let start = from?.generation === generation ? from.offset : 0
    const since = sinceMs === undefined ? 0 : (times.firstSince(sinceMs) ?? 0)
    if (since > start) start = Math.max(start, await startOfLine(handle, since, BLOCK_BYTES))
    for await (const block of blocks(handle, start, to)) {
      signal?.throwIfAborted()
      const matching = worker ? await worker.matchingLines(block.bytes, signal) : undefined
      for (const at of matching ?? lineStarts(block.bytes)) {
        const newline = block.bytes.indexOf(NEWLINE, at)
        const end = newline < 0 ? block.bytes.length : newline
        const offset = block.offset + at
        yield {
          generation,
          offset,
          next: block.offset + (newline < 0 ? end : end + 1),
          time: times.timeOf(offset),
          bytes: Buffer.from(block.bytes.subarray(at, end)),
          continued: newline < 0 && block.offset + end < to,
        }
        if (--left <= 0) return
        await endTurn()
        signal?.throwIfAborted()
      }
    }
  } finally {
    times.close()
    await worker?.close()
    await handle.close()
  }
}

/** Whole lines, as many as fit; or a piece of one that does not. `bytes` is good until the next block is asked for. */
async function* blocks(
  handle: FileHandle,
  from: number,
  to: number,
): AsyncGenerator<{ offset: number; bytes: Buffer }, void, void> {
  const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(BLOCK_BYTES, to - from)))
  for (let offset = from; offset < to;) {
    const read = await readFully(handle, buffer, offset, Math.min(buffer.length, to - offset))
    if (read.length === 0) return
    const lines = offset + read.length < to ? read.lastIndexOf(NEWLINE) + 1 : 0
    const bytes = lines > 0 ? read.subarray(0, lines) : read
    yield { offset, bytes }
    offset += bytes.length
  }
}

function* lineStarts(bytes: Buffer): Generator<number> {
  for (let at = 0; at < bytes.length;) {
    yield at
    const newline = bytes.indexOf(NEWLINE, at)
    at = newline < 0 ? bytes.length : newline + 1
  }
}

/** Lets the event loop have its turn when it has been kept for long; promises alone never would. */
function turns(): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (performance.now() - since < TURN_MS) return undefined
    return nextTurn().then(() => {
      since = performance.now()
    })
  }
}

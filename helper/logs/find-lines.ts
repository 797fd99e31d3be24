import type { FileHandle } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { lineFinder, type Wanted } from './line-finder.ts'
import { LogError } from './log-error.ts'
import { lastGeneration } from './log-index.ts'
import { openLog, readFully } from './open-log.ts'
import type { Position } from './position.ts'

const NEWLINE = 10
// What is done to a block at once takes a few ms at most; larger ones are hardly faster.
const BLOCK_BYTES = 256 * 1024
const TURN_MS = 4
const LINES_BETWEEN_LOOKS = 64
const PATTERN_LIMIT_MS = 2_000

export interface FindOptions {
  /**
   * Where to begin, by default at the start of the log; of the generation that the log has. If that is in the middle of
   * a line, this line counts as told already.
   */
  from?: Position | undefined
  /** Makes the search fail with the signal's reason. */
  signal: AbortSignal
  /** How long a regular expression may take on 256 KiB before the search fails with `pattern-too-slow`, in ms. */
  patternLimitMs?: number
}

/** What was found since the item before, and how far the search is. */
export interface FoundLines {
  generation: number
  /** Of the first byte of each line that matches, ascending over the whole search. */
  offsets: number[]
  searchedBytes: number
  totalBytes: number
}

/**
 * Finds the lines of a log that hold something, as the log is now, without holding up the event loop. A line longer than
 * 256 KiB is one line, but a regular expression sees it in pieces of that length. A missing log has no lines.
 * Fails with `log-replaced` if the log is truncated or replaced meanwhile, with `pattern-too-slow`, and with SyntaxError for
 * a text that is no regular expression.
 * @returns where to go on with what is written later: each line is told once, also one that was not complete yet
 */
export async function* findLines(
  log: string,
  wanted: Wanted,
  { from, signal, patternLimitMs = PATTERN_LIMIT_MS }: FindOptions,
): AsyncGenerator<FoundLines, Position, void> {
  signal.throwIfAborted()
  const finder = lineFinder(wanted, signal, patternLimitMs)
  const endTurn = turns()
  let handle: FileHandle | undefined
  try {
    const opened = await openLog(log)
    if (!opened) return { generation: lastGeneration(log), offset: 0 }
    const { generation, size } = opened
    handle = opened.handle
    const start = from?.offset ?? 0
    let lineStart = start
    let isTold = !(await isLineStart(handle, start))
    for await (const { offset, bytes } of blocks(handle, start, size, finder.overlap)) {
      signal.throwIfAborted()
      const offsets: number[] = []
      const lastLine = bytes.lastIndexOf(NEWLINE) + 1
      let last = -1
      let looked = 0
      for (const at of await finder.linesIn(bytes)) {
        last = at
        if (at > 0) offsets.push(offset + at)
        else if (!isTold) offsets.push(lineStart)
        looked += 1
        if (looked % LINES_BETWEEN_LOOKS === 0) await endTurn()
      }
      isTold = last === lastLine || (isTold && lastLine === 0)
      if (lastLine > 0) lineStart = offset + lastLine
      yield { generation, offsets, searchedBytes: offset + bytes.length - start, totalBytes: size - start }
      await endTurn()
    }
    const now = await openLog(log)
    await now?.handle.close()
    if (now?.generation !== generation || now.inode !== opened.inode || now.size < size) throw replaced()
    return { generation, offset: isTold ? size : lineStart }
  } finally {
    await finder.close()
    await handle?.close()
  }
}

async function isLineStart(handle: FileHandle, offset: number): Promise<boolean> {
  if (offset === 0) return true
  const [before] = await readFully(handle, Buffer.alloc(1), offset - 1)
  return before === NEWLINE
}

/**
 * Whole lines, as many as fit; or a piece of one that does not, of which the next one takes in the last `overlap` bytes
 * again. `bytes` is good until the next block is asked for; the one after it is being read meanwhile.
 */
async function* blocks(
  handle: FileHandle,
  from: number,
  to: number,
  overlap: number,
): AsyncGenerator<{ offset: number; bytes: Buffer }, void, void> {
  const length = Math.min(BLOCK_BYTES, to - from)
  const buffers: [Buffer, Buffer] = [Buffer.allocUnsafe(length), Buffer.allocUnsafe(length)]
  const read = (offset: number): Promise<Buffer> => {
    buffers.reverse()
    const reading = readFully(handle, buffers[0], offset, Math.min(length, to - offset))
    // Whoever stops early does not wait for it.
    reading.catch(() => undefined)
    return reading
  }
  let reading = read(from)
  for (let offset = from; offset < to;) {
    const filled = await reading
    if (filled.length < Math.min(length, to - offset)) throw replaced()
    const isLast = offset + filled.length === to
    const lines = isLast ? filled.length : filled.lastIndexOf(NEWLINE) + 1
    const bytes = lines > 0 ? filled.subarray(0, lines) : filled
    const next = offset + bytes.length - (lines > 0 ? 0 : overlap)
    if (next < to) reading = read(next)
    yield { offset, bytes }
    offset = next
  }
}

function replaced(): LogError {
  return new LogError('log-replaced', 'the log was truncated or replaced while it was searched')
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

import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { lastGeneration } from './log-index.ts'
import { LogError } from './log-error.ts'
import { openLog, type OpenLog, readFully } from './open-log.ts'
import type { Position } from './position.ts'

const NEWLINE = 10
const CHUNK_BYTES = 64 * 1024

/** The bytes of a log from `from` up to, not including, `to`. */
export interface LogRange {
  generation: number
  from: number
  to: number
}

/** A range with the size of the log in bytes when it was looked at. */
export interface LogPage extends LogRange {
  size: number
}

/** What a page may hold at most. A page ends between two lines, unless a single line is longer than `maxBytes`. */
export interface PageLimits {
  lines: number
  maxBytes: number
}

/**
 * The page that begins at a position. A position of another generation is answered with the start of the present one:
 * the page's `generation` tells. A last line without a newline is a line. A missing log is an empty one.
 */
export function pageForward(log: string, from: Position, limits: PageLimits): Promise<LogPage> {
  return onLog(log, async ({ handle, generation, size }) => {
    const start = from.generation === generation ? Math.min(from.offset, size) : 0
    const end = Math.min(size, start + limits.maxBytes)
    return { generation, from: start, to: await endOfLines(handle, start, end, limits.lines, size), size }
  })
}

/**
 * The page that ends at a position; without one, the last lines of the log, found from its end. A position of another
 * generation is answered with nothing, at the start of the present one.
 */
export function pageBackward(log: string, to: Position | undefined, limits: PageLimits): Promise<LogPage> {
  return onLog(log, async ({ handle, generation, size }) => {
    let end = size
    if (to) end = to.generation === generation ? Math.min(to.offset, size) : 0
    const start = await startOfLines(handle, end, limits)
    return { generation, from: start, to: end, size }
  })
}

/**
 * The bytes of a range as a stream, read as fast as they are taken. Fails with `log-replaced` if the log is gone or
 * of another generation by now; ends early if it is cut off meanwhile.
 */
export function streamRange(log: string, range: LogRange): Readable {
  return Readable.from(readRange(log, range), { objectMode: false })
}

/** The start of the line that the byte at `offset` belongs to, or `offset` if that is more than `maxBytes` before. */
export async function startOfLine(handle: FileHandle, offset: number, maxBytes: number): Promise<number> {
  return (await lineStartBack(handle, offset, 1, Math.max(0, offset - maxBytes))) ?? offset
}

async function* readRange(log: string, range: LogRange): AsyncGenerator<Buffer> {
  if (range.from >= range.to) return
  const opened = await openLog(log)
  if (!opened) throw replaced()
  try {
    if (opened.generation !== range.generation) throw replaced()
    for (let at = range.from; at < range.to;) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, range.to - at))
      const { bytesRead } = await opened.handle.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
  } finally {
    await opened.handle.close()
  }
}

function replaced(): LogError {
  return new LogError('log-replaced', 'The log was begun afresh meanwhile')
}

async function onLog(log: string, find: (opened: OpenLog) => Promise<LogPage>): Promise<LogPage> {
  const opened = await openLog(log)
  if (!opened) return { generation: lastGeneration(log), from: 0, to: 0, size: 0 }
  try {
    return await find(opened)
  } finally {
    await opened.handle.close()
  }
}

async function endOfLines(
  handle: FileHandle,
  start: number,
  end: number,
  lines: number,
  size: number,
): Promise<number> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let found = start
  let left = lines
  for (let at = start; at < end && left > 0; at += CHUNK_BYTES) {
    const bytes = await readFully(handle, chunk, at, Math.min(CHUNK_BYTES, end - at))
    for (let i = bytes.indexOf(NEWLINE); i >= 0 && left > 0; i = bytes.indexOf(NEWLINE, i + 1)) {
      found = at + i + 1
      left--
    }
  }
  if (left <= 0) return found
  return end === size || found === start ? end : found
}

/** Where the page of lines that ends at `end` begins. */
export async function startOfLines(handle: FileHandle, end: number, { lines, maxBytes }: PageLimits): Promise<number> {
  if (lines < 1 || end === 0) return end
  const floor = Math.max(0, end - maxBytes)
  // The last byte is left out: a newline there ends the last line, and begins none.
  return (await lineStartBack(handle, end - 1, lines, floor)) ?? floor
}

/**
 * Goes back from `end` to the start of the line it is in, or, with `count` above 1, of lines before that, but not before
 * `floor`. `undefined` if no line starts in between.
 */
async function lineStartBack(
  handle: FileHandle,
  end: number,
  count: number,
  floor: number,
): Promise<number | undefined> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  // The byte before the floor may be the newline that makes the floor a start.
  const lowest = Math.max(0, floor - 1)
  let start: number | undefined
  let left = count
  for (let at = end; at > lowest; at -= CHUNK_BYTES) {
    const from = Math.max(lowest, at - CHUNK_BYTES)
    const bytes = await readFully(handle, chunk, from, at - from)
    // lastIndexOf takes a negative offset as one from the end.
    for (let i = bytes.lastIndexOf(NEWLINE); i >= 0; i = i > 0 ? bytes.lastIndexOf(NEWLINE, i - 1) : -1) {
      start = from + i + 1
      if (--left === 0) return start
    }
  }
  return floor === 0 ? 0 : start
}

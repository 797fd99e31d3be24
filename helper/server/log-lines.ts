import { isUtf8 } from 'node:buffer'
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FollowItem, followLog } from '../logs/follow-log.ts'
import { LogError } from '../logs/log-error.ts'
import { type LogTime, LogTimes } from '../logs/log-times.ts'
import { startPatternWorker } from '../logs/pattern-worker.ts'
import { formatPosition, type Position } from '../logs/position.ts'
import type { LogRange } from '../logs/read-log.ts'
import { type LineEntry, searchLog } from '../logs/search-log.ts'

const newline = 10
/** A followed line that is not complete is given as it is once it is this long, in bytes. */
const longestLineBytes = 1_048_576
/** Or once nothing has come for this long, in ms: a question waits for its answer, and last words have no newline. */
const quietMs = 1_000
/** How long a pattern may take on what came at once, in ms. */
const patternLimitMs = 2_000

/** A line of a log, or a piece of one; `bytes` is without the newline, which `next` is behind. */
export type LogLine = Pick<LineEntry, 'generation' | 'offset' | 'next' | 'time' | 'bytes'>

interface Wanted {
  pattern: RegExp | undefined
  signal: AbortSignal
}

/** The lines of a range that match, at most `limit`. A line whose time was not noted has that of the last change, as an upper bound. */
export async function* linesOf(
  log: string,
  { generation, from, to }: LogRange,
  { pattern, limit = Infinity, signal }: Wanted & { limit: number | undefined },
): AsyncGenerator<LogLine, void, undefined> {
  if (from >= to) return
  const lastChange: LogTime = { timeMs: Math.ceil((await stat(log)).mtimeMs), exact: false }
  const options = { from: { generation, offset: from }, to, limit, signal, ...(pattern && { pattern }) }
  for await (const line of searchLog(log, options)) {
    if (line.generation !== generation) throw new LogError('log-replaced', 'the log was begun afresh meanwhile')
    yield { ...line, time: line.time ?? lastChange }
  }
}

/** The lines that match of what is written from a position on, as they come, until `signal` aborts or the log is truncated or replaced. */
export async function* followedLines(
  log: string,
  from: Position,
  { pattern, signal }: Wanted,
): AsyncGenerator<Iterable<LogLine>, void, undefined> {
  const times = new LogTimes(log, from.generation)
  const worker = pattern && startPatternWorker(pattern, patternLimitMs)
  try {
    for await (const { offset, bytes } of wholeLines(followLog(log, from, { signal }))) {
      const starts = worker ? new Set(await worker.matchingLines(bytes, signal)) : undefined
      yield linesIn(bytes, { generation: from.generation, offset }, times, starts)
    }
  } finally {
    times.close()
    await worker?.close()
  }
}

function* linesIn(
  bytes: Buffer,
  { generation, offset }: Position,
  times: LogTimes,
  starts: Set<number> | undefined,
): Generator<LogLine, void, void> {
  // What was not noted yet, and all after it, was written just now: it is noted every second.
  const now: LogTime = { timeMs: Date.now(), exact: true }
  let time: LogTime = { ...now }
  for (let at = 0, next: number; at < bytes.length; at = next) {
    const end = bytes.indexOf(newline, at)
    next = end < 0 ? bytes.length : end + 1
    if (starts && !starts.has(at)) continue
    if (time !== now) time = times.timeOf(offset + at) ?? now
    const line = bytes.subarray(at, end < 0 ? next : end)
    yield { generation, offset: offset + at, next: offset + next, time, bytes: line }
  }
}

async function* wholeLines(
  items: AsyncGenerator<FollowItem>,
): AsyncGenerator<{ offset: number; bytes: Buffer }, void, undefined> {
  let rest: Buffer = Buffer.alloc(0)
  let offset = 0
  let coming = items.next()
  try {
    for (;;) {
      const item = await (rest.length > 0 ? Promise.race([coming, sleep(quietMs)]) : coming)
      if (item) {
        if (item.done || item.value.kind === 'new-generation') break
        coming = items.next()
        if (rest.length === 0) offset = item.value.position.offset
        rest = Buffer.concat([rest, item.value.bytes])
      }
      const complete = item && rest.length < longestLineBytes ? rest.lastIndexOf(newline) + 1 : rest.length
      if (complete > 0) yield { offset, bytes: rest.subarray(0, complete) }
      offset += complete
      rest = rest.subarray(complete)
    }
    if (rest.length > 0) yield { offset, bytes: rest }
  } finally {
    // Not awaited: it ends when the signal of the following is aborted, which whoever stops reading does next.
    void items.return(undefined)
  }
}

/** A line as the ship wrote it. */
export function rawLine({ offset, next, bytes }: LogLine): Buffer {
  return next - offset > bytes.length ? Buffer.concat([bytes, Buffer.of(newline)]) : bytes
}

/** A line as an object: `text` for people, and the true bytes beside it where they are not text. */
export function jsonLine({ generation, offset, next, time, bytes }: LogLine): string {
  const entry = {
    position: formatPosition({ generation, offset }),
    next: formatPosition({ generation, offset: next }),
    time: time ? isoOf(time) : null,
    exact: time?.exact ?? false,
    text: bytes.toString(),
    ...(!isUtf8(bytes) && { base64: bytes.toString('base64') }),
  }
  return `${JSON.stringify(entry)}\n`
}

/** Lines of the same second have the same time. */
const isoTimes = new WeakMap<LogTime, string>()

function isoOf(time: LogTime): string {
  const known = isoTimes.get(time)
  if (known !== undefined) return known
  const iso = new Date(time.timeMs).toISOString()
  isoTimes.set(time, iso)
  return iso
}

import { KeelanError } from '../api/errors.ts'
import type { RequestOf } from '../api/routes.ts'
import { openLog } from '../logs/open-log.ts'
import { formatPosition, parsePosition, type Position } from '../logs/position.ts'
import { type LogPage, type LogRange, pageBackward, pageForward, startOfLine } from '../logs/read-log.ts'
import { searchLog } from '../logs/search-log.ts'

/** A line that is longer comes in pieces. */
const longestLineBytes = 1_048_576

export type LogQuery = RequestOf<'readLog'>['query']

/**
 * The part of a log that a query is about; if it follows line by line, without a last line that is not complete yet.
 * `signal` ends the search for it, with its reason. Throws INVALID_REQUEST for what does not go together and LOG_POSITION_GONE for a position that is not of this log any more.
 */
export async function rangeOf(
  log: string,
  query: LogQuery,
  pattern: RegExp | undefined,
  signal: AbortSignal,
): Promise<LogPage> {
  const { follow, lines, bytes } = query
  if (follow && query.to !== undefined) throw together('to', 'follow')
  for (const [name, limit] of Object.entries({ lines, bytes }))
    if (follow && query.from !== undefined && limit !== undefined) throw together(name, 'from and follow')
  if (pattern && bytes !== undefined) throw together('bytes', 'grep')
  const from = position('from', query.from)
  const to = position('to', query.to)
  const whole = await pageBackward(log, undefined, { lines: 0, maxBytes: 0 })
  for (const given of [from, to]) if (given) check(given, whole)
  const { generation, size } = whole
  let start = from?.offset ?? 0
  if (query.since !== undefined) start = Math.max(start, await startSince(log, Date.parse(query.since), size))
  let end = to?.offset ?? size
  if (follow && (pattern || query.format === 'json')) end = await startOfLastLine(log, end)
  start = Math.min(start, end)
  if (lines !== undefined && pattern) {
    // From a position on, it is the reader of the lines that counts those that match.
    if (!from) start = await startOfLastMatches(log, { generation, from: start, to: end }, pattern, lines, signal)
  } else if (lines !== undefined || bytes !== undefined) {
    const limits = { lines: lines ?? Infinity, maxBytes: bytes ?? size }
    if (from) end = Math.min(end, (await pageForward(log, { generation, offset: start }, limits)).to)
    else start = Math.max(start, (await pageBackward(log, { generation, offset: end }, limits)).from)
  }
  return { generation, from: start, to: end, size }
}

/** A position of a log that a request gives. Throws INVALID_REQUEST, or LOG_POSITION_GONE if it is not of this log any more. */
export async function positionIn(log: string, name: string, text: string): Promise<Position | undefined> {
  const given = position(name, text)
  if (given) check(given, await pageBackward(log, undefined, { lines: 0, maxBytes: 0 }))
  return given
}

/** The start of the first line that may have been written at or after a time. */
async function startSince(log: string, sinceMs: number, size: number): Promise<number> {
  for await (const { offset } of searchLog(log, { sinceMs, limit: 1 })) return offset
  return size
}

/** The start of the line that ends at `end` without a newline; else `end`. */
async function startOfLastLine(log: string, end: number): Promise<number> {
  const opened = await openLog(log)
  if (!opened) return end
  try {
    return await startOfLine(opened.handle, end, longestLineBytes)
  } finally {
    await opened.handle.close()
  }
}

/** Where the last `count` lines that match begin. Only offsets are kept: the lines themselves may be any size. */
async function startOfLastMatches(
  log: string,
  { generation, from, to }: LogRange,
  pattern: RegExp,
  count: number,
  signal: AbortSignal,
): Promise<number> {
  if (count === 0) return to
  const starts: number[] = []
  for await (const { offset } of searchLog(log, { from: { generation, offset: from }, to, pattern, signal }))
    if (starts.push(offset) === 2 * count) starts.splice(0, count)
  return starts.at(-count) ?? starts[0] ?? to
}

function position(name: string, text: string | undefined): Position | undefined {
  if (text === undefined) return undefined
  const parsed = parsePosition(text)
  if (!parsed) throw new KeelanError('INVALID_REQUEST', `query.${name}: must be GENERATION:OFFSET as a reply gave it`)
  return parsed
}

function check({ generation, offset }: Position, log: LogPage): void {
  if (generation === log.generation && offset <= log.size) return
  throw new KeelanError('LOG_POSITION_GONE', 'the log was truncated or replaced since that position was given', {
    start: formatPosition({ generation: log.generation, offset: 0 }),
    end: formatPosition({ generation: log.generation, offset: log.size }),
  })
}

function together(name: string, others: string): KeelanError {
  return new KeelanError('INVALID_REQUEST', `query.${name}: cannot be combined with ${others}`)
}

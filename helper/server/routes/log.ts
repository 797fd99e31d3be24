import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { KeelanError } from '../../api/errors.ts'
import type { RequestOf } from '../../api/routes.ts'
import { followLog } from '../../logs/follow-log.ts'
import { LogError } from '../../logs/log-error.ts'
import { formatPosition } from '../../logs/position.ts'
import { type LogPage, streamRange } from '../../logs/read-log.ts'
import { followedLines, jsonLine, linesOf, rawLine } from '../log-lines.ts'
import { type LogQuery, rangeOf } from '../log-range.ts'
import type { OpenStreams } from '../open-streams.ts'
import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'

/** Lines are sent in batches of about this many bytes. */
const batchBytes = 32_768

/** What a reading needs to know of its reader: `gone` ends it at once, `enough` ends the following. */
interface Reading {
  pattern: RegExp | undefined
  gone: AbortSignal
  enough: AbortSignal
}

/** A ship's output. */
export function logRoutes({ logs }: Services, streams: OpenStreams): Pick<Handlers, 'readLog'> {
  return { readLog }

  async function readLog({ params, query }: RequestOf<'readLog'>, response: ServerResponse): Promise<void> {
    const pattern = query.grep === undefined ? undefined : patternOf(query.grep)
    const { path } = await logs.locate(params.name, query.stream)
    if (response.destroyed) return
    const gone = new AbortController()
    const enough = new AbortController()
    const leave = () => {
      enough.abort()
      // A search may go on for long without a byte to write; whatever else is read ends at the first that cannot be written.
      if (pattern || response.destroyed) gone.abort()
    }
    streams.add(response, leave)
    try {
      const range = await rangeOf(path, query, pattern, gone.signal)
      if (response.destroyed) return
      const chunks = read(path, range, query, { pattern, gone: gone.signal, enough: enough.signal })
      // What goes wrong before the first byte can still be told; but who follows may wait long for that one.
      const first = query.follow ? undefined : await chunks.next()
      response.writeHead(200, headersOf(range, query)).flushHeaders()
      if (first && !first.done) response.write(first.value)
      await pipeline(chunks, response)
    } catch (error) {
      // Whoever left is told nothing, least of all that the reading was stopped for it.
      if (gone.signal.aborted) return void response.destroy()
      throw error instanceof LogError ? inTheTable(error) : error
    } finally {
      enough.abort()
    }
  }
}

async function* read(
  log: string,
  range: LogPage,
  { format, follow, lines, from }: LogQuery,
  { pattern, gone, enough }: Reading,
): AsyncGenerator<Buffer, void, undefined> {
  const end = { generation: range.generation, offset: range.to }
  if (format === 'raw' && !pattern) {
    yield* streamRange(log, range) as AsyncIterable<Buffer>
    if (!follow) return
    for await (const item of followLog(log, end, { signal: enough })) if (item.kind === 'bytes') yield item.bytes
    return
  }
  const print = format === 'json' ? jsonLine : rawLine
  // Without `from`, the range was made to hold no more lines than that.
  const limit = from === undefined ? undefined : lines
  let batch: Buffer[] = []
  let bytes = 0
  for await (const line of linesOf(log, range, { pattern, limit, signal: gone })) {
    const printed = print(line)
    batch.push(printed)
    bytes += printed.length
    if (bytes < batchBytes) continue
    yield Buffer.concat(batch)
    batch = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(batch)
  if (follow) for await (const line of followedLines(log, end, { pattern, signal: enough })) yield print(line)
}

function headersOf({ generation, from, to, size }: LogPage, { format, follow }: LogQuery): Record<string, string> {
  return {
    'content-type': format === 'json' ? 'application/x-ndjson' : 'application/octet-stream',
    'keelan-log-from': formatPosition({ generation, offset: from }),
    'keelan-log-to': formatPosition({ generation, offset: to }),
    'keelan-log-size': formatPosition({ generation, offset: size }),
    ...(follow && { connection: 'close' }),
  }
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch (error) {
    throw new KeelanError('INVALID_REQUEST', `query.grep: ${(error as Error).message.replace(/\s+/g, ' ')}`)
  }
}

function inTheTable({ code, message }: LogError): KeelanError {
  switch (code) {
    case 'log-replaced':
      return new KeelanError('LOG_POSITION_GONE', message)
    case 'pattern-too-slow':
      return new KeelanError('INVALID_REQUEST', `query.grep: ${message}`)
  }
}

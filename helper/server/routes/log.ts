import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { KeelanError } from '../../api/errors.ts'
import type { RequestOf } from '../../api/routes.ts'
import { followLog } from '../../logs/follow-log.ts'
import { formatPosition } from '../../logs/position.ts'
import { type LogPage, streamRange } from '../../logs/read-log.ts'
import { fullSpeed } from '../full-speed.ts'
import { inTheTable } from '../log-errors.ts'
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
    const slowDown = pattern && !query.follow ? fullSpeed() : () => {}
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
      throw inTheTable(error, 'query.grep')
    } finally {
      slowDown()
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
  const batch = new Batch()
  for await (const line of linesOf(log, range, { pattern, limit, signal: gone }))
    if (batch.add(print(line))) yield batch.take()
  if (!batch.isEmpty) yield batch.take()
  if (!follow) return
  for await (const came of followedLines(log, end, { pattern, signal: enough })) {
    for (const line of came) if (batch.add(print(line))) yield batch.take()
    if (!batch.isEmpty) yield batch.take()
  }
}

/** Gathers what is sent as one: a write for every line would cost more than all else. */
class Batch {
  #parts: (Buffer | string)[] = []
  #bytes = 0

  get isEmpty(): boolean {
    return this.#bytes === 0
  }

  /** Whether it is full. */
  add(part: Buffer | string): boolean {
    this.#parts.push(part)
    this.#bytes += part.length
    return this.#bytes >= batchBytes
  }

  take(): Buffer {
    const all = Buffer.concat(this.#parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
    this.#parts = []
    this.#bytes = 0
    return all
  }
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

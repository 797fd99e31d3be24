import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { errorTable, KeelanError } from '../api/errors.ts'
import type { CallOf } from '../api/routes.ts'

export type LogQuery = CallOf<'readLog'>['query']

/** One line of a log as the API tells it with `format=json`. */
export interface LogEntry {
  position: string
  next: string
  time: string | null
  exact: boolean
  text: string
  /** The line's bytes, where they are no UTF-8. */
  base64?: string | null
}

/** A part of a log, and the position after it. */
export interface Part<T> {
  readonly part: T
  readonly next: string
}

export interface LogSource<T> {
  open(query: LogQuery): Promise<{ headers: IncomingHttpHeaders; body: Readable }>
  parts(headers: IncomingHttpHeaders, body: Readable): AsyncIterable<Part<T>>
  /** Waits a moment before the next attempt. */
  pause(): Promise<void>
  /** The helper is away, is back, or the log begins again because it was truncated or replaced. */
  onState(state: 'waiting' | 'back' | 'truncated'): void
}

/**
 * Reads a log and, if the query says `follow`, goes on over restarts of the helper and truncations of the log: after every end it asks
 * again from the position reached, so that nothing is left out or told twice.
 */
export async function* readLog<T>(source: LogSource<T>, query: LogQuery): AsyncGenerator<T, void, undefined> {
  let next = query
  let connected: boolean | undefined
  for (;;) {
    try {
      const { headers, body } = await source.open(next)
      if (connected === false) source.onState('back')
      connected = true
      const from = headers['keelan-log-from']
      if (typeof from === 'string') next = goOn(next, from)
      for await (const { part, next: after } of source.parts(headers, body)) {
        next = goOn(next, after)
        yield part
      }
      if (!query.follow) return
    } catch (error) {
      if (!query.follow || connected === undefined || !(error instanceof KeelanError)) throw error
      const { start } = Object(error.details) as { start?: unknown }
      if (error.code === 'LOG_POSITION_GONE' && typeof start === 'string') {
        source.onState('truncated')
        next = goOn(next, start)
        continue
      }
      if (errorTable[error.code].status < 500) throw error
      if (connected) source.onState('waiting')
      connected = false
    }
    await source.pause()
  }
}

/** The rest of a query: from a position on, and without what chose the first lines. */
function goOn({ lines: _lines, since: _since, ...rest }: LogQuery, from: string): LogQuery {
  return { ...rest, from }
}

/** The bytes as the ship wrote them. */
export async function* rawParts(headers: IncomingHttpHeaders, body: Readable): AsyncGenerator<Part<Buffer>> {
  const [generation = '0', offset = '0'] = String(headers['keelan-log-from']).split(':')
  let reached = Number(offset)
  for await (const chunk of body) {
    const part = chunk as Buffer
    reached += part.length
    yield { part, next: `${generation}:${reached}` }
  }
}

/** Lines with their times. */
export async function* entryParts(_: IncomingHttpHeaders, body: Readable): AsyncGenerator<Part<LogEntry>> {
  body.setEncoding('utf8')
  let rest = ''
  for await (const chunk of body) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const part = JSON.parse(line) as LogEntry
      yield { part, next: part.next }
    }
  }
}

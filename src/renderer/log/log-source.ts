import { open } from '../api/client.ts'
import { parsedReply } from '../../../helper/api/request.ts'
import type { CallOf } from '../../../helper/api/routes.ts'
import {
  type LogEntry,
  type LogLine,
  formatPosition,
  linesOfEntries,
  parsePosition,
  type Position,
} from './log-line.ts'

export type Stream = 'stdout' | 'stderr'

/** A part of a log between two offsets, and how long the log was then. */
export interface Part {
  readonly generation: number
  readonly from: number
  readonly to: number
  readonly size: number
}

/** Some lines of a log, one after the other. Only the first and the last can be parts of lines, and only if there is no other. */
export interface Page extends Part {
  readonly lines: readonly LogLine[]
}

/** What a page may hold at most. */
export interface PageLimits {
  readonly lines: number
  readonly bytes: number
}

/** Where a page is: the lines that begin at a position, those that end at one, or the last ones. */
export type Where = { readonly from: Position; readonly to?: Position } | { readonly to: Position } | 'end'

/** A log, as far as one can see it from here. Positions that are gone are KeelanErrors with LOG_POSITION_GONE. */
export interface LogSource {
  page(where: Where, limits: PageLimits, signal: AbortSignal): Promise<Page>
  /** The line that begins or ends at a position, however long it is, without reading it; `end`: only how long the log is. */
  line(where: Where, signal: AbortSignal): Promise<Part>
  /** The bytes of a part of the log. */
  bytes(from: Position, to: number, signal: AbortSignal): Promise<Uint8Array>
  /** What is written from a position on, until the log is truncated or replaced. */
  follow(from: Position, signal: AbortSignal): AsyncIterable<Uint8Array>
}

/** The log of a ship, over the API. */
export function logSource(name: string, stream: Stream): LogSource {
  const ask = (query: CallOf<'readLog'>['query'], signal: AbortSignal) =>
    open('readLog', { params: { name }, query: { stream, ...query } }, signal)

  return {
    async page(where, limits, signal) {
      const response = await ask({ ...placeOf(where), ...limits, format: 'json' }, signal)
      const text = await response.text()
      const entries = text.split('\n').flatMap((line) => (line === '' ? [] : [parsedReply(line) as LogEntry]))
      return { ...partOf(response), lines: linesOfEntries(entries) }
    },

    async line(where, signal) {
      const response = await ask({ ...placeOf(where), lines: where === 'end' ? 0 : 1 }, signal)
      // The headers tell; the line itself may be the whole log.
      await response.body?.cancel()
      return partOf(response)
    },

    async bytes(from, to, signal) {
      const end = formatPosition({ generation: from.generation, offset: to })
      const response = await ask({ from: formatPosition(from), to: end }, signal)
      return new Uint8Array(await response.arrayBuffer())
    },

    async *follow(from, signal) {
      const response = await ask({ from: formatPosition(from), follow: 'true' }, signal)
      const reader = response.body!.getReader()
      try {
        for (;;) {
          const { done, value } = await reader.read()
          if (done) return
          yield value
        }
      } finally {
        await reader.cancel().catch(() => {})
      }
    },
  }
}

function placeOf(where: Where): { from?: string; to?: string } {
  if (where === 'end') return {}
  return {
    ...('from' in where && { from: formatPosition(where.from) }),
    ...(where.to && { to: formatPosition(where.to) }),
  }
}

function partOf({ headers }: Response): Part {
  const at = (name: string): Position =>
    parsePosition(headers.get(`keelan-log-${name}`)) ?? { generation: 0, offset: 0 }
  const { generation, offset } = at('from')
  return { generation, from: offset, to: at('to').offset, size: at('size').offset }
}

import { KeelanError } from '../api/errors.ts'
import type { RequestOf } from '../api/routes.ts'
import type { SearchLine } from '../api/ship.ts'
import { findLines } from '../logs/find-lines.ts'
import { formatPosition, type Position } from '../logs/position.ts'

/** Least time between two words on how far the search is, in ms; what was found meanwhile comes with them. */
const tellMs = 100
/** Offsets in one line of the reply: making one must not hold up others. */
const mostOffsets = 5_000

export type SearchQuery = RequestOf<'searchLog'>['query']

/** Throws INVALID_REQUEST for what can never be found. */
export function checkSearch({ text, regex }: SearchQuery): void {
  if (/[\r\n]/.test(text))
    throw new KeelanError('INVALID_REQUEST', 'query.text: must be one line, since a log is searched line by line')
  if (!regex) return
  try {
    new RegExp(text)
  } catch (error) {
    throw new KeelanError('INVALID_REQUEST', `query.text: ${(error as Error).message.replace(/\s+/g, ' ')}`)
  }
}

/** The reply to a search, line by line. `from` must be a position of this log. Fails like `findLines`. */
export async function* searchLines(
  log: string,
  { limit, ...wanted }: SearchQuery,
  from: Position | undefined,
  signal: AbortSignal,
): AsyncGenerator<SearchLine, void, void> {
  const search = findLines(log, wanted, { from, signal })
  let count = 0
  let untold: number[] = []
  let toldMs = -Infinity
  try {
    for (;;) {
      const item = await search.next()
      if (item.done) return yield { type: 'done', count, end: formatPosition(item.value) }
      const { generation, offsets, searchedBytes, totalBytes } = item.value
      untold = untold.concat(offsets.slice(0, Math.max(0, limit - count)))
      count += offsets.length
      const isOver = searchedBytes === totalBytes
      const isDue = performance.now() - toldMs >= tellMs
      while (untold.length > 0 && (isDue || isOver || untold.length > mostOffsets)) {
        yield { type: 'matches', generation, offsets: untold.slice(0, mostOffsets) }
        untold = untold.slice(mostOffsets)
      }
      if (!isDue || isOver) continue
      yield { type: 'progress', searchedBytes, totalBytes }
      toldMs = performance.now()
    }
  } finally {
    await search.return({ generation: 1, offset: 0 })
  }
}

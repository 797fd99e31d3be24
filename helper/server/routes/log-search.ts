import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { RequestOf } from '../../api/routes.ts'
import { fullSpeed } from '../full-speed.ts'
import { inTheTable } from '../log-errors.ts'
import { positionIn } from '../log-range.ts'
import { checkSearch, searchLines } from '../log-search.ts'
import type { OpenStreams } from '../open-streams.ts'
import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'

/** Searching a ship's output. */
export function logSearchRoutes({ logs }: Pick<Services, 'logs'>, streams: OpenStreams): Pick<Handlers, 'searchLog'> {
  return { searchLog }

  async function searchLog({ params, query }: RequestOf<'searchLog'>, response: ServerResponse): Promise<void> {
    checkSearch(query)
    const { path } = await logs.locate(params.name, query.stream)
    if (response.destroyed) return
    const gone = new AbortController()
    streams.add(response, () => gone.abort())
    const slowDown = fullSpeed()
    try {
      const from = query.from === undefined ? undefined : await positionIn(path, 'from', query.from)
      const lines = searchLines(path, query, from, gone.signal)
      // What goes wrong before the first one can still be told.
      const first = await lines.next()
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders()
      await pipeline(async function* () {
        if (!first.done) yield line(first.value)
        for await (const each of lines) yield line(each)
      }, response)
    } catch (error) {
      if (gone.signal.aborted) return void response.destroy()
      throw inTheTable(error, 'query.text')
    } finally {
      slowDown()
    }
  }
}

const line = (value: object): string => `${JSON.stringify(value)}\n`

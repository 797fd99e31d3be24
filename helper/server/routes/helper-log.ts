import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { RequestOf } from '../../api/routes.ts'
import { endOfText, followText } from '../../logs/follow-text.ts'
import type { OpenStreams } from '../open-streams.ts'
import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'

/** The helper's own log. */
export function helperLogRoutes(
  { helper }: Pick<Services, 'helper'>,
  streams: OpenStreams,
): Pick<Handlers, 'readHelperLog'> {
  return { readHelperLog }

  async function readHelperLog({ query }: RequestOf<'readHelperLog'>, response: ServerResponse): Promise<void> {
    const { lines, follow } = query
    const { logFile } = await helper.info()
    const type = { 'content-type': 'text/plain; charset=utf-8' }
    if (!follow) return void response.writeHead(200, type).end(await endOfText(logFile, lines))
    if (response.destroyed) return
    const enough = new AbortController()
    streams.add(response, () => enough.abort())
    // One connection a stream: it is closed with it, and so needs no clearing up for the next request.
    response.writeHead(200, { ...type, connection: 'close' }).flushHeaders()
    await pipeline(followText(logFile, lines, enough.signal), response)
  }
}

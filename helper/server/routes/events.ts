import type { ServerResponse } from 'node:http'
import { KeelanError } from '../../api/errors.ts'
import type { Snapshot } from '../../api/events.ts'
import type { RequestOf } from '../../api/routes.ts'
import { type EventHub, eventLine } from '../event-hub.ts'
import { drained } from '../open-streams.ts'
import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'
import type { UsageFeed } from '../usage-feed.ts'

/** Events read from the history at a time. */
const pageLength = 500

/** The event stream. */
export function eventRoutes(
  { ships, history }: Services,
  hub: EventHub,
  feed: UsageFeed,
): Pick<Handlers, 'listEvents'> {
  return { listEvents }

  async function listEvents({ query }: RequestOf<'listEvents'>, response: ServerResponse): Promise<void> {
    const { after, ship, last, follow } = query
    if (after !== undefined && last !== undefined)
      throw new KeelanError('INVALID_REQUEST', 'query.last: cannot be combined with after')
    const filter = ship === undefined ? {} : { ship }
    const oldestKept = await history.oldestKept()
    if (response.destroyed) return
    // At one moment: whatever the snapshot does not include, the consumer gets, and the other way round.
    const consumer = follow ? hub.subscribe(response, ship) : undefined
    const { stream, seq, ships: all } = ships.snapshot()
    // One connection a stream: it is closed with it, and so needs no clearing up for the next request.
    response.writeHead(200, { 'content-type': 'application/x-ndjson', connection: 'close' }).flushHeaders()
    if (after !== undefined && query.stream === stream && after >= oldestKept && after <= seq) {
      await writeHistory(response, after, seq, filter)
    } else {
      const now: Snapshot = {
        type: 'snapshot',
        stream,
        seq,
        reset: after !== undefined,
        ships: ship === undefined ? all : all.filter(({ name }) => name === ship),
      }
      const line = `${JSON.stringify(now)}\n`
      for (const event of last ? await history.lastEvents({ limit: last, ...filter }) : [])
        if (event.seq <= seq) await write(response, eventLine(event))
      await write(response, line)
    }
    if (!consumer) return void response.end()
    consumer.goLive(seq)
    if (query.usage) feed.subscribe(response, ship)
  }

  /** Writes the events after `after`, up to `upTo`, as fast as they are read by the client. */
  async function writeHistory(
    response: ServerResponse,
    after: number,
    upTo: number,
    filter: { ship?: string },
  ): Promise<void> {
    for (let from = after; from < upTo && !response.destroyed;) {
      const page = await history.eventsAfter(from, { limit: pageLength, ...filter })
      for (const event of page) if (event.seq <= upTo) await write(response, eventLine(event))
      from = page.length < pageLength ? upTo : (page.at(-1)?.seq ?? upTo)
    }
  }
}

async function write(response: ServerResponse, line: string | Buffer): Promise<void> {
  if (!response.destroyed && !response.write(line)) await drained(response)
}

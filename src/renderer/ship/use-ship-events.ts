import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { KeelanEvent, StreamLine } from '../../../helper/api/events.ts'
import { batches, open } from '../api/client.ts'
import { onEvent, useConnection } from '../state/fleet.ts'
import { mergeEvents } from './merge-events.ts'

/** The helper gives no more of the past than this at once. */
export const mostEvents = 10_000

/** A ship's newest `last` events, and those that happen while one looks, newest first. `isComplete`: there are no older ones. */
export function useShipEvents(name: string, last: number) {
  const [live, setLive] = useState<readonly KeelanEvent[]>([])
  useEffect(
    () =>
      onEvent((event) => event.name === name && setLive((before) => mergeEvents([event], before).slice(0, mostEvents))),
    [name],
  )
  const isThere = useConnection() === 'connected'
  const history = useQuery({
    queryKey: ['events', name, last],
    queryFn: ({ signal }) => pastEvents(name, last, signal),
    enabled: isThere,
    // What happens from now on is told live; coming to the page again, or the helper coming back, asks anew.
    staleTime: 0,
    gcTime: 0,
    placeholderData: (before) => before,
  })
  return {
    events: history.data && mergeEvents(history.data, live),
    isComplete: history.data !== undefined && !history.isPlaceholderData && history.data.length < last,
    isLoading: history.isFetching,
    error: history.error,
    refetch: history.refetch,
  }
}

async function pastEvents(name: string, last: number, signal: AbortSignal): Promise<KeelanEvent[]> {
  const response = await open('listEvents', { query: { ship: name, last, follow: 'false' } }, signal)
  const events: KeelanEvent[] = []
  for await (const lines of batches<StreamLine>(response))
    for (const line of lines) if (line.type === 'event') events.push(line.event)
  return events
}

import { useSyncExternalStore } from 'react'
import type { KeelanEvent, StreamLine, Usage } from '../../../helper/api/events.ts'
import type { Ship } from '../../../helper/api/ship.ts'
import { batches, open } from '../api/client.ts'
import { afterLines, nothingKnown } from './fleet-state.ts'

export type Connection = 'connecting' | 'connected' | 'away'

interface Fleet {
  readonly ships: ReadonlyMap<string, Ship>
  readonly usage: ReadonlyMap<string, Usage>
  readonly connection: Connection
  /** When the helper was lost, in ms since 1970; null while it is there. */
  readonly awaySince: number | null
}

/** The helper sends a heartbeat after 15 s without a line: after more than two of them it is taken for gone. */
const longestSilenceMs = 35_000
const firstRetryMs = 250
const lastRetryMs = 4_000

const noUsage: ReadonlyMap<string, Usage> = new Map()

let known = nothingKnown
let fleet: Fleet = { ships: known.ships, usage: known.usage, connection: 'connecting', awaySince: null }
let waiting: StreamLine[] = []
let retryNow = (): void => {}
const subscribers = new Set<() => void>()
const listeners = new Set<(event: KeelanEvent) => void>()

/** All ships by name; another map only when a ship changed. */
export function useShips(): ReadonlyMap<string, Ship> {
  return useSyncExternalStore(subscribe, () => fleet.ships)
}

/** One ship; undefined: there is none of that name. */
export function useShip(name: string): Ship | undefined {
  return useSyncExternalStore(subscribe, () => fleet.ships.get(name))
}

/** What a ship uses; undefined: it does not run, or was not measured yet. */
export function useUsage(name: string): Usage | undefined {
  return useSyncExternalStore(subscribe, () => fleet.usage.get(name))
}

/** What all ships use; `isWanted` false: nothing, and no drawing for it. */
export function useUsageOfAll(isWanted: boolean): ReadonlyMap<string, Usage> {
  return useSyncExternalStore(subscribe, () => (isWanted ? fleet.usage : noUsage))
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => fleet.connection)
}

/** When the helper was lost, in ms since 1970; null while it is there. */
export function useAwaySince(): number | null {
  return useSyncExternalStore(subscribe, () => fleet.awaySince)
}

/** Calls `listener` with each event from now on, those missed while the helper was away included; returns the way to end it. */
export function onEvent(listener: (event: KeelanEvent) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Follows the helper's events for as long as the page lives; resumes where it was when the helper was away. */
export function followFleet(): void {
  void (async () => {
    for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
      try {
        await followOnce(() => (retryMs = firstRetryMs))
      } catch {
        // Whatever ended the stream, the way on is the same.
      }
      takeWaiting()
      tell({ connection: 'away', awaySince: fleet.awaySince ?? Date.now() })
      await new Promise<void>((resolve) => {
        retryNow = resolve
        setTimeout(resolve, retryMs)
      })
    }
  })()
}

/** Looks for the helper at once instead of at the next try. */
export function lookForHelper(): void {
  retryNow()
}

async function followOnce(connected: () => void): Promise<void> {
  const silence = new AbortController()
  const giveUp = (): void => silence.abort(new Error('the helper is silent'))
  let timer = setTimeout(giveUp, longestSilenceMs)
  try {
    const resume = known.stream === null ? {} : { after: known.seq, stream: known.stream }
    const response = await open('listEvents', { query: { usage: 'true', ...resume } }, silence.signal)
    connected()
    // Before the snapshot nothing is known; a stream that is resumed may have nothing to say.
    if (known.stream !== null) tell({ connection: 'connected', awaySince: null })
    for await (const lines of batches<StreamLine>(response)) {
      clearTimeout(timer)
      timer = setTimeout(giveUp, longestSilenceMs)
      take(lines)
      if (fleet.connection === 'connected') continue
      takeWaiting()
      tell({ connection: 'connected', awaySince: null })
    }
  } finally {
    clearTimeout(timer)
  }
}

/** Lines are taken once a frame, so that a storm of events costs one drawing a frame; a hidden window has no frames. */
function take(lines: StreamLine[]): void {
  const isFirst = waiting.length === 0
  waiting.push(...lines)
  if (!isFirst) return
  if (document.visibilityState === 'visible') requestAnimationFrame(takeWaiting)
  else setTimeout(takeWaiting, 250)
}

function takeWaiting(): void {
  if (waiting.length === 0) return
  const [after, events] = afterLines(known, waiting)
  waiting = []
  known = after
  tell({ ships: known.ships, usage: known.usage })
  for (const event of events) for (const listener of listeners) listener(event)
}

function tell(change: Partial<Fleet>): void {
  fleet = { ...fleet, ...change }
  for (const subscriber of subscribers) subscriber()
}

function subscribe(changed: () => void): () => void {
  subscribers.add(changed)
  return () => subscribers.delete(changed)
}

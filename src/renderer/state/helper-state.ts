import { useSyncExternalStore } from 'react'
import type { HelperState } from '../../preload/desktop.ts'
import { lookForHelper } from './fleet.ts'

let state: HelperState | null = null
const subscribers = new Set<() => void>()

/** What the app knows of the helper; null in a browser, where nobody can tell. */
export function useHelperState(): HelperState | null {
  return useSyncExternalStore(subscribe, () => state)
}

/** Follows what the app knows of the helper for as long as the page lives. */
export function followHelperState(): void {
  const desktop = window.keelan
  if (!desktop) return
  let told = false
  desktop.onHelperState((now) => {
    told = true
    take(now)
  })
  void desktop.helperState().then((now) => {
    if (!told) take(now)
  })
}

function take(now: HelperState): void {
  state = now
  if (now.state === 'running') lookForHelper()
  for (const subscriber of subscribers) subscriber()
}

function subscribe(changed: () => void): () => void {
  subscribers.add(changed)
  return () => subscribers.delete(changed)
}

import { useSyncExternalStore } from 'react'

let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const subscribers = new Set<() => void>()

/** The time in ms since 1970, anew each second while somebody looks. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

function subscribe(changed: () => void): () => void {
  subscribers.add(changed)
  if (timer === undefined) {
    now = Date.now()
    timer = setInterval(() => {
      if (document.visibilityState !== 'visible') return
      now = Date.now()
      for (const subscriber of subscribers) subscriber()
    }, 1_000)
  }
  return () => {
    subscribers.delete(changed)
    if (subscribers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

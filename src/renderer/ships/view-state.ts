import { useSyncExternalStore } from 'react'
import type { Filter, Order } from './ship-list.ts'

interface View extends Filter {
  readonly order: Order
}

/** How the list is looked at, kept while other pages are shown. */
let view: View = { words: '', states: new Set(), order: { by: 'name', descending: false } }
const subscribers = new Set<() => void>()

export function useView(): [View, (change: Partial<View>) => void] {
  return [useSyncExternalStore(subscribe, () => view), changeView]
}

/** Looks at the list another way. */
export function changeView(changes: Partial<View>): void {
  view = { ...view, ...changes }
  for (const subscriber of subscribers) subscriber()
}

function subscribe(changed: () => void): () => void {
  subscribers.add(changed)
  return () => subscribers.delete(changed)
}

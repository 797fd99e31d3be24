import { useSyncExternalStore } from 'react'

/**
 * Where the window is: `#/ships/web/log`, with its query behind it (`#/deploy?path=…`). wouter's own hash location keeps the
 * query in front of the hash, where a link from outside cannot give it.
 */
export function useHashLocation(): [string, (to: string, options?: { replace?: boolean }) => void] {
  return [useSyncExternalStore(subscribe, path), go]
}
useHashLocation.hrefs = (place: string): string => `#${place}`

/** The query of the place, without `?`. */
export function useHashSearch(): string {
  return useSyncExternalStore(subscribe, query)
}

/** Shows a place: `/ships/web/log`. */
export function go(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const hash = `#/${to.replace(/^[#/]+/, '')}`
  if (replace) location.replace(hash)
  else location.hash = hash
}

function place(): string {
  return `/${location.hash.replace(/^[#/]+/, '')}`
}

function path(): string {
  return place().split('?')[0] ?? '/'
}

function query(): string {
  return place().split('?')[1] ?? ''
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

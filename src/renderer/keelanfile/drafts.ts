import { useState } from 'react'

/** What was typed and is not saved, kept while the window is open, so that going to another page loses nothing. */
const drafts = new Map<string, unknown>()

/** Has the window asked before it closes on what is not saved. */
const ask = (event: BeforeUnloadEvent): void => event.preventDefault()

function keep(key: string, value: unknown): void {
  drafts.set(key, value)
  addEventListener('beforeunload', ask)
}

function forget(key: string): void {
  drafts.delete(key)
  if (drafts.size === 0) removeEventListener('beforeunload', ask)
}

/**
 * Like `useState`, but what is typed outlives the page under `key` (the same for as long as the component lives), until it is
 * set back to `initial`.
 */
export function useDraft<T>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState(() => (drafts.has(key) ? (drafts.get(key) as T) : initial))
  const set = (next: T): void => {
    if (next === initial) forget(key)
    else keep(key, next)
    setValue(next)
  }
  return [value, set]
}

/** Leaves something to be found by the page that uses this draft. */
export function leaveDraft(key: string, value: unknown): void {
  keep(key, value)
}

/** Forgets what was typed, once it is saved. */
export function dropDraft(key: string): void {
  forget(key)
}

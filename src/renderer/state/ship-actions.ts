import { useCallback, useSyncExternalStore } from 'react'
import { call } from '../api/client.ts'
import { act, asKeelanError, useConfirm } from './actions.tsx'
import { allAtOnce, failureOf, wordsFor } from './ship-action-words.ts'
import type { Failure, ShipVerb } from './ship-action-words.ts'

/** Requests under way at a time when something is done to many ships. */
const atOnce = 8

const work: Readonly<Record<ShipVerb, (name: string) => Promise<unknown>>> = {
  start: (name) => call('startShip', { params: { name } }),
  stop: (name) => call('stopShip', { params: { name }, body: {} }),
  restart: (name) => call('restartShip', { params: { name }, body: {} }),
  remove: (name) => call('removeShip', { params: { name } }),
}

let underWay: ReadonlyMap<string, ShipVerb> = new Map()
const subscribers = new Set<() => void>()

/** What is being done to a ship from this window, if anything. */
export function useUnderWay(name: string): ShipVerb | undefined {
  return useSyncExternalStore(subscribe, () => underWay.get(name))
}

/**
 * Starts, stops, restarts or removes ships, and shows how that ended. Asks first before it stops more than one or removes any.
 * Answers with false if the person would rather not, or if it failed for one of them.
 */
export function useShipActions(): (verb: ShipVerb, names: readonly string[]) => Promise<boolean> {
  const confirm = useConfirm()
  return useCallback(
    async (verb, names) => {
      const { question, ...words } = wordsFor(verb, names)
      if (names.length === 0 || (question && !(await confirm(question)))) return false
      const outcome = await act({
        ...words,
        work: async () => {
          const failures: Failure[] = []
          mark(names, verb)
          try {
            await allAtOnce(names, atOnce, async (name) => {
              try {
                await work[verb](name)
              } catch (error) {
                failures.push({ name, error: asKeelanError(error) })
              } finally {
                mark([name], undefined)
              }
            })
          } finally {
            mark(names, undefined)
          }
          const failure = failureOf(failures, names.length)
          if (failure) throw failure
        },
      })
      return outcome.ok
    },
    [confirm],
  )
}

function mark(names: readonly string[], verb: ShipVerb | undefined): void {
  const next = new Map(underWay)
  for (const name of names)
    if (verb) next.set(name, verb)
    else next.delete(name)
  underWay = next
  for (const subscriber of subscribers) subscriber()
}

function subscribe(changed: () => void): () => void {
  subscribers.add(changed)
  return () => subscribers.delete(changed)
}

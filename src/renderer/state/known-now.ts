import { useNow } from './clock.ts'
import { useAwaySince } from './fleet.ts'

/** The time in ms up to which things are known: now, or when the helper was lost. */
export function useKnownNow(): number {
  const now = useNow()
  return useAwaySince() ?? now
}

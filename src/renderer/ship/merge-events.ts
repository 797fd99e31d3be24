import type { KeelanEvent } from '../../../helper/api/events.ts'

/** Two lists of events as one, newest first, each event once: what was read from the history, and what came live. */
export function mergeEvents(a: readonly KeelanEvent[], b: readonly KeelanEvent[]): KeelanEvent[] {
  const bySeq = new Map([...a, ...b].map((event) => [event.seq, event]))
  return [...bySeq.values()].sort((one, other) => other.seq - one.seq)
}

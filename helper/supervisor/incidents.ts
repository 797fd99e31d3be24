import { assertNever } from '../api/errors.ts'
import type { IncidentOutcome } from '../api/incidents.ts'
import type { IncidentChange, OpenIncident, RunKey } from '../api/records.ts'

/** What happened to a ship, as far as it concerns incidents. Times are wall clock, in ms. */
export type Happening =
  /** It ended as nobody had asked for, or could not be started (`ranMs` is null then). */
  | {
      readonly kind: 'failed'
      readonly atMs: number
      readonly ranMs: number | null
      readonly reason: string
      readonly run: RunKey | null
    }
  /** It is not started any more: said after what failed, or of a ship that ended well too often. */
  | { readonly kind: 'gave-up'; readonly atMs: number; readonly reason: string }
  /** It ended well; `isOver`: and is not started again. */
  | { readonly kind: 'completed'; readonly atMs: number; readonly ranMs: number; readonly isOver: boolean }
  /** It has run for `reset_after`. */
  | { readonly kind: 'recovered'; readonly atMs: number }
  /** The person started, stopped or removed it. */
  | { readonly kind: 'asked'; readonly atMs: number; readonly outcome: IncidentOutcome }
  /** Its end at that time came with the end of its shim, which was told to end, as a logout or shutdown tells everything. */
  | { readonly kind: 'told-to-end'; readonly atMs: number }

export interface Incidents {
  /** The one that lasts. */
  readonly open: OpenIncident | null
  readonly changes: readonly IncidentChange[]
}

/**
 * What happenings make of a ship's incident: the first failure opens one, all others until it is over belong to it. Pure.
 * `resetAfterMs`: a run at least this long ends an incident, also when that is only learned from the run's end.
 */
export function takeHappenings(
  ship: string,
  open: OpenIncident | null,
  happenings: readonly Happening[],
  resetAfterMs: number,
): Incidents {
  const changes: IncidentChange[] = []
  const close = (closedAtMs: number, outcome: IncidentOutcome, withdrawn = false): void => {
    if (open) changes.push({ kind: 'closed', ship, closedAtMs, outcome, withdrawn })
    open = null
  }
  const fail = (atMs: number, reason: string, run: RunKey | null, count: number): void => {
    const kind = open ? 'failed-again' : 'opened'
    open = open
      ? { ...open, failures: open.failures + count, lastReason: reason }
      : { openedAtMs: atMs, failures: 1, reason, lastReason: reason, run }
    changes.push({ kind, ship, incident: open })
  }
  const recoverIfLongEnough = (endedAtMs: number, ranMs: number | null): void => {
    if (ranMs !== null && ranMs >= resetAfterMs) close(endedAtMs - ranMs + resetAfterMs, 'recovered')
  }
  for (const happening of happenings) {
    const { atMs } = happening
    switch (happening.kind) {
      case 'failed':
        recoverIfLongEnough(atMs, happening.ranMs)
        fail(atMs, happening.reason, happening.run, 1)
        break
      case 'gave-up':
        fail(atMs, happening.reason, null, 0)
        break
      case 'completed':
        recoverIfLongEnough(atMs, happening.ranMs)
        if (happening.isOver) close(atMs, 'recovered')
        break
      case 'recovered':
        close(atMs, 'recovered')
        break
      case 'asked':
        close(atMs, happening.outcome)
        break
      case 'told-to-end':
        if (open?.failures === 1 && open.openedAtMs === atMs) close(atMs, 'stopped', true)
        break
      default:
        assertNever(happening)
    }
  }
  return { open, changes }
}

/** An incident's change in words, after the ship's name; null: not worth an event. */
export function incidentWords(change: IncidentChange): string | null {
  switch (change.kind) {
    case 'opened':
      return `has an incident: ${change.incident.reason}`
    case 'failed-again':
      return null
    case 'closed':
      return closedWords[change.outcome]
  }
}

const closedWords: Record<IncidentOutcome, string> = {
  recovered: 'has recovered',
  started: 'was asked to start, which closes its incident',
  stopped: 'was asked to stop, which closes its incident',
  removed: 'is being removed, which closes its incident',
}

const endSignals: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 }

/** Whether a run ended as one does that is told to: by a signal that asks for it, or as a shell says that it was one. */
export function endedAsTold({ exitCode, signal }: { exitCode: number | null; signal: string | null }): boolean {
  return signal === null ? Object.values(endSignals).some((n) => exitCode === 128 + n) : signal in endSignals
}

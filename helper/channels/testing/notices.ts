import type { ToldIncident, UntoldNotice } from '../../api/records.ts'

export function incidentOf(change: Partial<ToldIncident> = {}): ToldIncident {
  return {
    id: 1,
    ship: 'web',
    openedAtMs: 1_000_000,
    failures: 1,
    reason: 'exited with code 7 after 3 s',
    lastReason: 'exited with code 7 after 3 s',
    closed: null,
    log: { from: null, to: null },
    ...change,
  }
}

export function noticeOf(change: Partial<UntoldNotice> = {}): UntoldNotice {
  return {
    id: 1,
    kind: 'failed',
    madeAtMs: 1_000_000,
    attempts: 0,
    claim: null,
    incident: incidentOf(),
    failure: null,
    ...change,
  }
}

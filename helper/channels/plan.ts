import type { ToldIncident, UntoldNotice } from '../api/records.ts'
import type { Settings } from '../api/settings.ts'
import { quietUntilMs } from './quiet-hours.ts'

/** How long is waited for more of a burst after the newest of it, and after the first at most, in ms. */
const gatherMs = 200
const longestGatherMs = 1_000
/** At most this many messages of one incident each, of one kind, are told within this time (ms). */
const mostSingles = 3
const singlesWithinMs = 10_000
/** What nobody could be told for this long, in ms, is told as missed. */
const missedAfterMs = 60_000
/** How long it may take until a test is seen, in ms: after that nobody waits for it. */
const testLastsMs = 60_000
/** No claim lasts longer, in ms: one that seems to is from before the clock was set back. */
const longestLeaseMs = 60_000

/** An incident that is to be told of, and which side of it. */
export interface Subject {
  readonly incident: ToldIncident
  readonly tells: 'failed' | 'recovered' | 'both'
  readonly notices: readonly UntoldNotice[]
}

/** What is to be told in one message. */
export type Draft =
  | { readonly kind: 'failed' | 'recovered'; readonly subject: Subject }
  | { readonly kind: 'summary' | 'missed'; readonly subjects: readonly Subject[] }
  | { readonly kind: 'test'; readonly notices: readonly UntoldNotice[] }

/** That something was told: a summary counts as much as all the single messages that may be told at once. */
export interface Told {
  readonly atMs: number
  readonly kind: 'failed' | 'recovered'
  readonly weight: number
}

export interface Plan {
  /** Ids of notices that nobody is to be told of. */
  readonly settled: readonly number[]
  /** To be told now. */
  readonly due: readonly Draft[]
  /** When to look again though nothing new has come, in ms since 1970; null: never. */
  readonly nextAtMs: number | null
}

type Choices = Pick<Settings, 'notifications' | 'mutedShips' | 'quietHours'>

/** What of all that is untold is to be told now, and how. Pure. `told`: what was told in the last 20 s at least. */
export function planTelling(
  notices: readonly UntoldNotice[],
  choices: Choices,
  told: readonly Told[],
  nowMs: number,
): Plan {
  const isOpen = (notice: UntoldNotice): boolean => !isHeld(notice, nowMs)
  const settled = notices.filter((notice) => isOpen(notice) && isNobodys(notice, choices, nowMs))
  const rest = notices.filter((notice) => !settled.includes(notice))
  const tests = rest.filter((notice) => notice.kind === 'test' && isOpen(notice))
  const lapses = rest.flatMap(({ claim }) => (claim && claim.untilMs > nowMs ? [claim.untilMs] : []))
  const { subjects, waiting } = subjectsOf(rest, nowMs)
  const about = planIncidents(subjects, choices, told, nowMs)
  const times = [
    ...lapses,
    ...(waiting ? [nowMs + gatherMs] : []),
    ...about.map(({ atMs }) => atMs).filter((atMs) => atMs > nowMs),
  ]
  return {
    settled: settled.map(({ id }) => id),
    due: [
      ...(tests.length > 0 ? [{ kind: 'test', notices: tests } as const] : []),
      ...about.flatMap(({ atMs, drafts }) => (atMs <= nowMs ? drafts : [])),
    ],
    nextAtMs: times.length === 0 ? null : Math.min(...times),
  }
}

/** All notices that a draft tells of. */
export function noticesOf(draft: Draft): readonly UntoldNotice[] {
  if ('notices' in draft) return draft.notices
  return 'subject' in draft ? draft.subject.notices : draft.subjects.flatMap(({ notices }) => notices)
}

/** What telling a draft counts for. */
export function weightOf(draft: Draft, atMs: number): Told[] {
  switch (draft.kind) {
    case 'failed':
    case 'recovered':
      return [{ atMs, kind: draft.kind, weight: 1 }]
    case 'summary':
      return [...new Set(draft.subjects.map(kindOf))].map((kind) => ({ atMs, kind, weight: mostSingles }))
    case 'missed':
    case 'test':
      return []
  }
}

/** Somebody says to be telling it. */
export const isHeld = ({ claim }: UntoldNotice, nowMs: number): boolean =>
  claim !== null && claim.untilMs > nowMs && claim.untilMs <= nowMs + longestLeaseMs

function isNobodys({ kind, madeAtMs, incident, failure }: UntoldNotice, choices: Choices, nowMs: number): boolean {
  if (kind === 'test') return nowMs - madeAtMs > testLastsMs
  if (!incident || !choices.notifications || choices.mutedShips.includes(incident.ship)) return true
  return kind === 'recovered' && failure === 'settled'
}

/** By incident. Of one whose beginning is being told right now, the end waits for that. */
function subjectsOf(notices: readonly UntoldNotice[], nowMs: number): { subjects: Subject[]; waiting: boolean } {
  const begun = notices.filter((notice) => notice.kind === 'failed' && isHeld(notice, nowMs))
  const isBeingTold = new Set(begun.map(({ incident }) => incident?.id))
  const subjects = new Map<number, Subject>()
  let waiting = false
  for (const notice of notices) {
    const { incident, kind } = notice
    if (!incident || kind === 'test' || isHeld(notice, nowMs)) continue
    if (isBeingTold.has(incident.id)) waiting = true
    else {
      const before = subjects.get(incident.id)
      const all = [...(before?.notices ?? []), notice]
      subjects.set(incident.id, { incident, tells: before ? 'both' : kind, notices: all })
    }
  }
  return { subjects: [...subjects.values()], waiting }
}

/** Drafts, and from when on they are due. */
interface Timed {
  readonly atMs: number
  readonly drafts: readonly Draft[]
}

function planIncidents(
  subjects: readonly Subject[],
  choices: Choices,
  told: readonly Told[],
  nowMs: number,
): readonly Timed[] {
  if (subjects.length === 0) return []
  const quietMs = quietUntilMs(choices.quietHours, nowMs)
  if (quietMs !== null) return [{ atMs: quietMs, drafts: [] }]
  const missed = subjects.filter((subject) => ageMs(subject, nowMs) > missedAfterMs && attemptsOf(subject) > 0)
  const others = subjects.filter((subject) => !missed.includes(subject))
  return [
    ...(missed.length > 0 ? [{ atMs: nowMs, drafts: [{ kind: 'missed', subjects: missed } as const] }] : []),
    ...planOthers(others, told, nowMs),
  ]
}

function planOthers(subjects: readonly Subject[], told: readonly Told[], nowMs: number): readonly Timed[] {
  if (subjects.length === 0) return []
  const ages = subjects.map((subject) => ageMs(subject, nowMs))
  const newest = subjects.map((subject) => newestAgeMs(subject, nowMs))
  const gatheredInMs = Math.min(longestGatherMs - Math.max(...ages), gatherMs - Math.min(...newest))
  if (gatheredInMs > 0) return [{ atMs: nowMs + gatheredInMs, drafts: [] }]
  // Held back for long: the quiet hours are over, or they were ended.
  if (ages.filter((age) => age > singlesWithinMs).length > 1)
    return [{ atMs: nowMs, drafts: [{ kind: 'summary', subjects }] }]
  const byKind = (['failed', 'recovered'] as const).map((kind) => {
    const ofKind = subjects.filter((subject) => kindOf(subject) === kind)
    return {
      subjects: ofKind,
      ...planKind(
        ofKind,
        told.filter((one) => one.kind === kind),
        nowMs,
      ),
    }
  })
  const summed = byKind.filter(({ as }) => as === 'summary').flatMap((one) => one.subjects)
  return [
    ...byKind
      .filter(({ as }) => as !== 'summary')
      .map(({ subjects: ofKind, atMs }) => ({
        atMs,
        drafts: ofKind.map((subject) => ({ kind: kindOf(subject), subject })),
      })),
    ...(summed.length > 0 ? [{ atMs: nowMs, drafts: [{ kind: 'summary', subjects: summed } as const] }] : []),
  ]
}

/** Whether those of one kind are told now, one by one or all in one, or when. */
function planKind(
  subjects: readonly Subject[],
  told: readonly Told[],
  nowMs: number,
): { as: 'singles' | 'summary'; atMs: number } {
  const used = told.filter(({ atMs }) => atMs > nowMs - singlesWithinMs).reduce((sum, { weight }) => sum + weight, 0)
  if (subjects.length <= mostSingles - used) return { as: 'singles', atMs: nowMs }
  const oldestMs = nowMs - Math.max(...subjects.map((subject) => ageMs(subject, nowMs)))
  const before = told.map(({ atMs }) => atMs).filter((atMs) => atMs > oldestMs - singlesWithinMs)
  const heldUntilMs = before.length === 0 ? nowMs : Math.min(...before) + singlesWithinMs
  if (heldUntilMs > nowMs) return { as: 'singles', atMs: heldUntilMs }
  return { as: subjects.length === 1 ? 'singles' : 'summary', atMs: nowMs }
}

const kindOf = ({ tells }: Subject): 'failed' | 'recovered' => (tells === 'failed' ? 'failed' : 'recovered')

/** One of the future is from before the clock was set back. */
const agesMs = ({ notices }: Subject, nowMs: number): number[] =>
  notices.map(({ madeAtMs }) => (madeAtMs > nowMs ? Infinity : nowMs - madeAtMs))
const ageMs = (subject: Subject, nowMs: number): number => Math.max(...agesMs(subject, nowMs))
const newestAgeMs = (subject: Subject, nowMs: number): number => Math.min(...agesMs(subject, nowMs))

const attemptsOf = ({ notices }: Subject): number => Math.max(...notices.map(({ attempts }) => attempts))

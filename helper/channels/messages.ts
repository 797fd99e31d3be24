import type { Notification } from '../api/incidents.ts'
import type { ToldIncident } from '../api/records.ts'
import type { Ship } from '../api/ship.ts'
import { duration } from '../duration.ts'
import { plainLine } from '../harmless-text.ts'
import type { Draft, Subject } from './plan.ts'

/** What a person reads of a draft: the same words whoever tells them. */

/** So many ships are told of with a line each; of more, the names. */
const mostLines = 6
/** What a line of a log is cut to, in characters. */
const longestLine = 160

export interface Facts {
  /** The message's id. */
  readonly id: string
  readonly nowMs: number
  /** null: it was removed. */
  readonly ship: (name: string) => Ship | null
  /** The last lines that the run wrote that failed first. */
  readonly logLines: readonly string[]
}

export function notificationOf(draft: Draft, facts: Facts): Notification {
  const { id } = facts
  switch (draft.kind) {
    case 'test':
      return {
        id,
        kind: 'test',
        title: 'Notifications arrive',
        body: 'This is where Keelan tells you when a ship fails.',
        ship: null,
        time: iso(Math.min(...draft.notices.map(({ madeAtMs }) => madeAtMs))),
      }
    case 'failed':
    case 'recovered':
      return { id, kind: draft.kind, ...single(draft.subject, facts) }
    case 'summary':
    case 'missed':
      return { id, kind: draft.kind, ...several(draft.kind, draft.subjects, facts) }
  }
}

type Words = Pick<Notification, 'title' | 'body' | 'ship' | 'time'>

function single({ incident, tells }: Subject, facts: Facts): Words {
  const { ship: name, closed, openedAtMs } = incident
  const ship = facts.ship(name)
  const time = iso(tells === 'recovered' && closed ? closed.atMs : openedAtMs)
  const end = recoveredWords(ship)
  const about = { ship: ship && name, time }
  if (tells === 'recovered') return { title: `${name} ${end}`, body: afterWords(incident), ...about }
  const what = tells === 'both' ? afterWords(incident) : nowWords(incident, ship, facts.nowMs)
  const first = `${reasonWords(incident)}; ${what}`
  const title = tells === 'both' ? `${name} failed and ${end}` : `${name} failed`
  return { title, body: [first, ...facts.logLines.map(cut)].join('\n'), ...about }
}

function several(kind: 'summary' | 'missed', subjects: readonly Subject[], facts: Facts): Words {
  const names = [...new Set(subjects.map(({ incident }) => incident.ship))]
  const [only] = names
  const about = {
    ship: names.length === 1 && only !== undefined && facts.ship(only) ? only : null,
    time: iso(Math.min(...subjects.map(({ incident }) => incident.openedAtMs))),
  }
  const lines = subjects.slice(-mostLines).map((subject) => lineOf(subject, facts))
  const unsaid = [...new Set(subjects.slice(0, -mostLines).map(({ incident }) => incident.ship))]
  const more = unsaid.length === 0 ? [] : [cut(`and before: ${unsaid.join(', ')}`)]
  const title = kind === 'missed' ? 'While nobody could be told' : summaryTitle(subjects, names.length)
  return { title, body: [...lines, ...more].join('\n'), ...about }
}

function summaryTitle(subjects: readonly Subject[], count: number): string {
  const isFailed = ({ tells }: Subject): boolean => tells !== 'recovered'
  const failed = new Set(subjects.filter(isFailed).map(({ incident }) => incident.ship)).size
  const recovered = subjects.filter(({ tells }) => tells !== 'failed').length
  if (failed === 0) return `${ships(count)} recovered`
  return `${ships(failed)} failed${recovered === 0 ? '' : `, ${recovered} recovered`}`
}

/** `web failed (exited with code 7 after 3 s); starts again in 2 s`. */
function lineOf({ incident, tells }: Subject, facts: Facts): string {
  const { ship: name } = incident
  const ship = facts.ship(name)
  if (tells === 'recovered') return `${name} ${recoveredWords(ship)}, ${afterWords(incident)}`
  const reason = `${name} failed (${reasonWords(incident)})`
  return tells === 'both'
    ? `${reason} and ${recoveredWords(ship)}`
    : `${reason}; ${nowWords(incident, ship, facts.nowMs)}`
}

function reasonWords({ reason, failures }: ToldIncident): string {
  // It may name a program or a folder, which may have any name.
  const first = cut(plainLine(Buffer.from(reason.replaceAll(/[\r\n]/g, ' '))))
  return failures === 1 ? first : `${first}, and ${failures === 2 ? 'once' : `${failures - 1} times`} more`
}

/** What has become of a ship that failed. */
function nowWords({ closed }: ToldIncident, ship: Ship | null, nowMs: number): string {
  if (!ship) return 'it was removed since'
  switch (ship.status) {
    case 'starting':
    case 'running':
      return closed?.outcome === 'started' ? 'it was started since' : 'it was started again'
    case 'backoff':
      return `starts again in ${duration(Math.max(1_000, Date.parse(ship.nextStartAt) - nowMs))}`
    case 'failed':
      return ship.reason.startsWith('gave up') ? (ship.reason.split(';')[0] ?? '') : 'it is not started again'
    case 'stopping':
    case 'stopped':
      return 'it is stopped now'
  }
}

function recoveredWords(ship: Ship | null): string {
  if (ship?.status === 'running') return 'is running again'
  return ship?.status === 'stopped' && ship.exitCode === 0 && ship.wish === 'up' ? 'has ended well' : 'had recovered'
}

/** `after 14 restarts, 3 min`. */
function afterWords({ failures, openedAtMs, closed }: ToldIncident): string {
  const restarts = failures === 1 ? '1 restart' : `${failures} restarts`
  return `after ${restarts}${closed ? `, ${duration(Math.max(0, closed.atMs - openedAtMs))}` : ''}`
}

const ships = (count: number): string => (count === 1 ? '1 ship' : `${count} ships`)

const iso = (ms: number): string => new Date(ms).toISOString()

function cut(line: string): string {
  if (line.length <= longestLine) return line
  // Never half of a pair of UTF-16.
  return `${line.slice(0, longestLine - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

import { z } from 'zod'
import { IncidentOutcome } from '../api/incidents.ts'
import type { NoticeClaim, NoticeMemory, UntoldNotice } from '../api/records.ts'
import type { Connection, Database } from './database.ts'
import { insert, iso } from './sql.ts'

const untold = "state IN ('pending', 'claimed')"

/** Notes that somebody is to be told. */
export async function makeNotice(
  connection: Connection,
  kind: UntoldNotice['kind'],
  incident: number | null,
  nowMs: number,
): Promise<void> {
  await insert(connection, 'notices', { kind, incident, madeAt: iso(nowMs), state: 'pending', attempts: 0 })
}

/**
 * The notice and its incident; where the output of the run that failed first begins, and that of the one after it; what
 * became of the notice that the incident had begun.
 */
const selectUntold = `
  SELECT notice.id, notice.kind, notice.madeAt, notice.attempts, notice.state, notice.holder, notice.claimedUntil,
    incident.id AS incident, incident.ship, incident.openedAt, incident.closedAt, incident.outcome, incident.failures,
    incident.reason, incident.lastReason, run.logPosition AS logFrom,
    (SELECT next.logPosition FROM runs next WHERE next.ship = run.ship AND next.id > run.id ORDER BY next.id LIMIT 1) AS logTo,
    failure.state AS failure
  FROM notices notice
    LEFT JOIN incidents incident ON incident.id = notice.incident
    LEFT JOIN runs run ON run.shimId = incident.shimId AND run.line = incident.line
    LEFT JOIN notices failure ON notice.kind = 'recovered' AND failure.incident = notice.incident AND failure.kind = 'failed'
  WHERE notice.state IN ('pending', 'claimed')
  ORDER BY notice.id`

const NoticeState = z.enum(['pending', 'claimed', 'told', 'settled'])

const UntoldRow = z.object({
  id: z.number(),
  kind: z.enum(['failed', 'recovered', 'test']),
  madeAt: z.string(),
  attempts: z.number(),
  state: NoticeState,
  holder: z.string().nullable(),
  claimedUntil: z.string().nullable(),
  incident: z.number().nullable(),
  failure: NoticeState.nullable(),
})

const ToldIncidentRow = z.object({
  incident: z.number(),
  ship: z.string(),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  outcome: IncidentOutcome.nullable(),
  failures: z.number(),
  reason: z.string(),
  lastReason: z.string(),
  logFrom: z.string().nullable(),
  logTo: z.string().nullable(),
})

/** What is still to be told. */
export class Notices implements NoticeMemory {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  untold(): Promise<UntoldNotice[]> {
    return this.#database.read(async (connection) => (await connection.all(selectUntold)).map(untoldNotice))
  }

  async claim({ message, notices, holder, untilMs }: NoticeClaim): Promise<void> {
    const set = "state = 'claimed', message = ?, holder = ?, claimedUntil = ?"
    await this.#change(set, `id IN (${notices.map(() => '?').join(', ')})`, message, holder, iso(untilMs), ...notices)
  }

  async confirm(message: string, holder: string): Promise<boolean> {
    const set = "state = 'told', toldAt = ?"
    return (await this.#change(set, 'message = ? AND holder = ?', iso(Date.now()), message, holder)) > 0
  }

  async giveBack(message: string): Promise<void> {
    await this.#change("state = 'pending', attempts = attempts + 1, message = NULL", 'message = ?', message)
  }

  async giveBackAll(holder: string): Promise<void> {
    await this.#change("state = 'pending', message = NULL", "state = 'claimed' AND holder = ?", holder)
  }

  async settle(notices: readonly number[]): Promise<void> {
    await this.#change("state = 'settled'", `id IN (${notices.map(() => '?').join(', ')})`, ...notices)
  }

  /** Only what is not told: what was, stays so. */
  #change(set: string, where: string, ...values: (string | number)[]): Promise<number> {
    return this.#database.transaction(
      async (connection) =>
        (await connection.run(`UPDATE notices SET ${set} WHERE ${untold} AND ${where}`, ...values)).changes ?? 0,
    )
  }
}

function untoldNotice(row: unknown): UntoldNotice {
  const { id, kind, madeAt, attempts, state, holder, claimedUntil, incident, failure } = UntoldRow.parse(row)
  const isClaimed = state === 'claimed' && holder !== null && claimedUntil !== null
  return {
    id,
    kind,
    madeAtMs: Date.parse(madeAt),
    attempts,
    claim: isClaimed ? { holder, untilMs: Date.parse(claimedUntil) } : null,
    incident: incident === null ? null : toldIncident(row),
    failure,
  }
}

function toldIncident(row: unknown): NonNullable<UntoldNotice['incident']> {
  const { incident: id, openedAt, closedAt, outcome, logFrom, logTo, ...rest } = ToldIncidentRow.parse(row)
  return {
    ...rest,
    id,
    openedAtMs: Date.parse(openedAt),
    closed: closedAt === null || outcome === null ? null : { atMs: Date.parse(closedAt), outcome },
    log: { from: logFrom, to: logTo },
  }
}

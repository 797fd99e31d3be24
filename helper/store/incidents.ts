import { z } from 'zod'
import { type Incident, IncidentOutcome } from '../api/incidents.ts'
import type { IncidentChange, OpenIncident } from '../api/records.ts'
import type { Connection, Database } from './database.ts'
import { makeNotice } from './notices.ts'
import { insert, iso } from './sql.ts'

/** Incidents as they lie in their table; what is to be told of them is in `notices.ts`. */

const IncidentRow = z.object({
  id: z.number(),
  ship: z.string(),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  outcome: IncidentOutcome.nullable(),
  failures: z.number(),
  reason: z.string(),
  lastReason: z.string(),
  shimId: z.string().nullable(),
  line: z.number().nullable(),
})

/** What a listing asks for; `open` left out: those that last and those that are over. */
export interface IncidentQuery {
  readonly ship?: string | undefined
  readonly open?: boolean | undefined
  readonly limit: number
  readonly before?: number | undefined
}

/** Newest first. */
export function listIncidents(
  database: Database,
  { ship, open, limit, before = Number.MAX_SAFE_INTEGER }: IncidentQuery,
): Promise<Incident[]> {
  const conditions = [
    'id < ?',
    ...(ship === undefined ? [] : ['ship = ?']),
    ...(open === undefined ? [] : [`closedAt IS ${open ? 'NULL' : 'NOT NULL'}`]),
  ]
  const values = [before, ...(ship === undefined ? [] : [ship]), limit]
  const sql = `SELECT * FROM incidents WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`
  return database.read(async (connection) =>
    (await connection.all(sql, ...values)).map((row) => {
      const { shimId: _shim, line: _line, ...incident } = IncidentRow.parse(row)
      return incident
    }),
  )
}

/** Those that last, by ship. */
export async function openIncidents(connection: Connection): Promise<Map<string, OpenIncident>> {
  const rows = await connection.all('SELECT * FROM incidents WHERE closedAt IS NULL')
  return new Map(
    rows.map((row): [string, OpenIncident] => {
      const { ship, openedAt, failures, reason, lastReason, shimId, line } = IncidentRow.parse(row)
      const run = shimId === null || line === null ? null : { shimId, line }
      return [ship, { openedAtMs: Date.parse(openedAt), failures, reason, lastReason, run }]
    }),
  )
}

/** Writes what became of a ship's incident, and what is to be told of it. */
export async function writeIncident(connection: Connection, change: IncidentChange, nowMs: number): Promise<void> {
  const { ship } = change
  switch (change.kind) {
    case 'opened': {
      const { openedAtMs, failures, reason, lastReason, run } = change.incident
      const row = { ship, openedAt: iso(openedAtMs), failures, reason, lastReason }
      const { lastID = 0 } = await insert(connection, 'incidents', {
        ...row,
        shimId: run?.shimId ?? null,
        line: run?.line ?? null,
      })
      return makeNotice(connection, 'failed', lastID, nowMs)
    }
    case 'failed-again': {
      const { failures, lastReason } = change.incident
      const sql = 'UPDATE incidents SET failures = ?, lastReason = ? WHERE ship = ? AND closedAt IS NULL'
      await connection.run(sql, failures, lastReason, ship)
      return
    }
    case 'closed': {
      const open = await connection.get<{ id: number }>(
        'SELECT id FROM incidents WHERE ship = ? AND closedAt IS NULL',
        ship,
      )
      if (!open) return
      const sql = 'UPDATE incidents SET closedAt = ?, outcome = ? WHERE id = ?'
      await connection.run(sql, iso(change.closedAtMs), change.outcome, open.id)
      if (change.outcome === 'recovered') await makeNotice(connection, 'recovered', open.id, nowMs)
      if (change.withdrawn)
        await connection.run(
          "UPDATE notices SET state = 'settled' WHERE incident = ? AND state IN ('pending', 'claimed')",
          open.id,
        )
    }
  }
}

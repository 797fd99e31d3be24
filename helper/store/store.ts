import { randomBytes } from 'node:crypto'
import { KeelanError } from '../api/errors.ts'
import type { Change, Memory, NewEvent, Remembered } from '../api/records.ts'
import type { KeelanEvent } from '../api/events.ts'
import type { Incident } from '../api/incidents.ts'
import type { Run } from '../api/ship.ts'
import { Settings } from '../api/settings.ts'
import { Database, type Connection } from './database.ts'
import { type IncidentQuery, listIncidents, openIncidents, writeIncident } from './incidents.ts'
import { migrate } from './migrations.ts'
import { makeNotice, Notices } from './notices.ts'
import * as rows from './rows.ts'
import { insert, iso, upsert } from './sql.ts'

interface Waiting {
  readonly change: Change
  readonly resolve: (events: readonly KeelanEvent[]) => void
  readonly reject: (error: unknown) => void
}

/** What ships there are and what happened to them. Knows tables, and nothing of processes. */
export class Store implements Memory {
  readonly #database: Database
  readonly #file: string
  /** What is still to be told. */
  readonly notices: Notices
  #waiting: Waiting[] = []
  #writing = false

  private constructor(database: Database, file: string) {
    this.#database = database
    this.#file = file
    this.notices = new Notices(database)
  }

  /** Opens `file`, creating or migrating it. Throws KeelanError (see `Database.open` and `migrate`). */
  static async open(file: string, log: (message: string) => void = () => {}): Promise<Store> {
    const database = await Database.open(file)
    try {
      const { from, to, backup } = await migrate(database, file)
      if (from !== to)
        log(`database ${file}: schema ${from} to ${to}${backup ? `; the one before is kept as ${backup}` : ''}`)
      return new Store(database, file)
    } catch (error) {
      await database.close()
      throw error
    }
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  load(): Promise<Remembered> {
    return this.#database.transaction(async (connection) => {
      const ships = await connection.all('SELECT * FROM ships ORDER BY name')
      const shims = await connection.all('SELECT * FROM shims WHERE ended = 0')
      const runs = await connection.all('SELECT * FROM runs WHERE endedAt IS NULL')
      return {
        stream: await this.#streamId(connection),
        lastSeq: await lastSeq(connection),
        autostartBootId: await setting(connection, 'autostartBootId'),
        ships: ships.map((row: { name?: unknown }) =>
          this.#readable(`the ship ${String(row.name)}`, () => rows.shipRecord(row)),
        ),
        shims: shims.map(rows.shimRecord),
        runs: runs.map(rows.openRunRecord),
        incidents: await openIncidents(connection),
      }
    })
  }

  setAutostartBootId(bootId: string): Promise<void> {
    return this.#database.transaction((connection) => setSetting(connection, 'autostartBootId', bootId))
  }

  /** A new id for the event stream: what clients remember of it no longer holds. */
  renewStream(): Promise<string> {
    return this.#database.transaction(async (connection) => {
      const stream = newStreamId()
      await setSetting(connection, 'stream', stream)
      return stream
    })
  }

  commit(change: Change, told: (events: readonly KeelanEvent[]) => void): Promise<void> {
    return new Promise((done, reject) => {
      const resolve = (events: readonly KeelanEvent[]): void => {
        told(events)
        done()
      }
      this.#waiting.push({ change, resolve, reject })
      if (!this.#writing) void this.#writeAll()
    })
  }

  /** Changes that came while a transaction was being written share the next one: a hundred starts cost a few commits. */
  async #writeAll(): Promise<void> {
    this.#writing = true
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      try {
        const events = await this.#write(batch.map(({ change }) => change))
        batch.forEach(({ resolve }, index) => resolve(events[index] ?? []))
      } catch (error) {
        if (batch.length === 1) batch[0]?.reject(error)
        // One that cannot be written must not take the others with it.
        else await this.#writeSingly(batch)
      }
    }
    this.#writing = false
  }

  async #writeSingly(batch: Waiting[]): Promise<void> {
    for (const { change, resolve, reject } of batch)
      await this.#write([change]).then(([events]) => resolve(events ?? []), reject)
  }

  #write(changes: Change[]): Promise<KeelanEvent[][]> {
    return this.#database.transaction(async (connection) => {
      const written: KeelanEvent[][] = []
      for (const change of changes) written.push(await write(connection, change))
      return written
    })
  }

  /** A ship's runs, newest first. */
  runs(
    ship: string,
    { limit, before = Number.MAX_SAFE_INTEGER }: { limit: number; before?: number | undefined },
  ): Promise<Run[]> {
    return this.#database.read(async (connection) =>
      (
        await connection.all(
          'SELECT * FROM runs WHERE ship = ? AND id < ? ORDER BY id DESC LIMIT ?',
          ship,
          before,
          limit,
        )
      ).map(rows.apiRun),
    )
  }

  /** Newest first. */
  incidents(query: IncidentQuery): Promise<Incident[]> {
    return listIncidents(this.#database, query)
  }

  /** What the person has chosen, as far as it is known and makes sense. */
  settings(): Promise<Partial<Settings>> {
    return this.#database.read(async (connection) => knownSettings((await setting(connection, 'settings')) ?? '{}'))
  }

  /** Events with a number above `after`, oldest first. */
  eventsAfter(
    after: number,
    { limit, ship = null }: { limit: number; ship?: string | null | undefined },
  ): Promise<KeelanEvent[]> {
    return this.#database.read(async (connection) =>
      (
        await connection.all(
          'SELECT * FROM events WHERE seq > ? AND (?2 IS NULL OR name = ?2) ORDER BY seq LIMIT ?3',
          after,
          ship,
          limit,
        )
      ).map(rows.apiEvent),
    )
  }

  /** The newest events, oldest of them first. */
  lastEvents({ limit, ship = null }: { limit: number; ship?: string | null | undefined }): Promise<KeelanEvent[]> {
    return this.#database.read(async (connection) =>
      (
        await connection.all(
          'SELECT * FROM events WHERE (?1 IS NULL OR name = ?1) ORDER BY seq DESC LIMIT ?2',
          ship,
          limit,
        )
      )
        .map(rows.apiEvent)
        .reverse(),
    )
  }

  /** The number before that of the oldest event still kept. */
  oldestKept(): Promise<number> {
    return this.#database.read(async (connection) => {
      const row = await connection.get<{ seq: number | null }>('SELECT min(seq) AS seq FROM events')
      return typeof row?.seq === 'number' ? row.seq - 1 : lastSeq(connection)
    })
  }

  /** Forgets runs, events and incidents that ended before `timeMs`, in small pieces so that nothing waits long for the database. */
  async forgetBefore(timeMs: number): Promise<{ runs: number; events: number }> {
    const forget = async (sql: string): Promise<number> => {
      for (let total = 0; ;) {
        const { changes = 0 } = await this.#database.transaction((connection) => connection.run(sql, iso(timeMs)))
        total += changes
        if (changes === 0) return total
      }
    }
    const runs = await forget('DELETE FROM runs WHERE id IN (SELECT id FROM runs WHERE endedAt < ? LIMIT 1000)')
    const events = await forget('DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE time < ? LIMIT 1000)')
    await forget('DELETE FROM incidents WHERE id IN (SELECT id FROM incidents WHERE closedAt < ? LIMIT 1000)')
    await forget('DELETE FROM notices WHERE incident IS NULL AND madeAt < ?')
    await forget(
      `DELETE FROM shims WHERE ended = 1 AND id NOT IN (SELECT shimId FROM runs) AND id NOT IN (SELECT shimId FROM ships WHERE shimId IS NOT NULL) AND ? <> ''`,
    )
    return { runs, events }
  }

  /** Somebody may have edited the database by hand: says which row it was. */
  #readable<T>(what: string, read: () => T): T {
    try {
      return read()
    } catch {
      throw new KeelanError('DATABASE_UNREADABLE', `${what} in ${this.#file} is damaged`)
    }
  }

  async #streamId(connection: Connection): Promise<string> {
    const known = await setting(connection, 'stream')
    if (known !== null) return known
    const stream = newStreamId()
    await setSetting(connection, 'stream', stream)
    return stream
  }
}

const newStreamId = (): string => randomBytes(8).toString('hex')

async function write(connection: Connection, change: Change): Promise<KeelanEvent[]> {
  if (change.removeShip !== undefined) {
    await connection.run('DELETE FROM ships WHERE name = ?', change.removeShip)
    await connection.run('UPDATE shims SET ended = 1 WHERE ship = ?', change.removeShip)
  }
  if (change.ship) await upsert(connection, 'ships', 'name', rows.shipRow(change.ship))
  if (change.shim) await upsert(connection, 'shims', 'id', rows.shimRow(change.shim))
  for (const run of change.runs ?? []) await upsert(connection, 'runs', 'shimId, line', rows.runRow(run))
  for (const incident of change.incidents ?? []) await writeIncident(connection, incident, Date.now())
  if (change.settings) await setSetting(connection, 'settings', JSON.stringify(change.settings))
  if (change.testNotice) await makeNotice(connection, 'test', null, Date.now())
  const events: KeelanEvent[] = []
  for (const event of change.events) events.push(await writeEvent(connection, event))
  return events
}

async function writeEvent(connection: Connection, event: NewEvent): Promise<KeelanEvent> {
  const { lastID } = await insert(connection, 'events', rows.eventRow(event))
  return {
    seq: lastID ?? 0,
    time: iso(event.timeMs),
    type: event.type,
    name: event.name,
    message: event.message,
    ship: event.ship,
  }
}

/** Each by itself: one that another version wrote otherwise does not take the rest with it. */
function knownSettings(text: string): Partial<Settings> {
  const written = Object(parsedOrNull(text)) as Record<string, unknown>
  const known = Object.entries(Settings.shape).flatMap(([key, schema]) => {
    const { success, data } = schema.safeParse(written[key])
    return success ? [[key, data]] : []
  })
  return Object.fromEntries(known) as Partial<Settings>
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function setting(connection: Connection, key: string): Promise<string | null> {
  const row = await connection.get<{ value: string }>('SELECT value FROM settings WHERE key = ?', key)
  return row?.value ?? null
}

async function setSetting(connection: Connection, key: string, value: string): Promise<void> {
  await upsert(connection, 'settings', 'key', { key, value })
}

async function lastSeq(connection: Connection): Promise<number> {
  // AUTOINCREMENT's own memory: it stays when old events are forgotten, so no number is given twice.
  const row = await connection.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
  return row?.seq ?? 0
}

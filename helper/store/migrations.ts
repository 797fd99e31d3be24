import { existsSync } from 'node:fs'
import { KeelanError } from '../api/errors.ts'
import type { Connection, Database } from './database.ts'

/** Each brings the schema from the version before it (its index) to the next. Released ones are never edited. */
export const migrations: readonly string[] = [
  `CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

   -- status, processId, startedAt, stoppedAt, exitCode and signal are read by monitoring tools: keep their names.
   CREATE TABLE ships (
     name TEXT PRIMARY KEY,
     status TEXT NOT NULL,
     processId INTEGER,
     startedAt TEXT,
     stoppedAt TEXT,
     exitCode INTEGER,
     signal TEXT,
     wish TEXT NOT NULL,
     restarts INTEGER NOT NULL,
     reason TEXT,
     nextStartAt TEXT,
     startedBootMs INTEGER,
     shimId TEXT,
     revision INTEGER NOT NULL,
     definition TEXT NOT NULL,
     shellEnvironment TEXT NOT NULL
   ) STRICT;

   CREATE TABLE shims (
     id TEXT PRIMARY KEY,
     ship TEXT NOT NULL,
     revision INTEGER NOT NULL,
     bootId TEXT,
     processId INTEGER,
     processStart TEXT,
     lastLine INTEGER NOT NULL,
     ended INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX shimsByShip ON shims (ship);

   CREATE TABLE runs (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     ship TEXT NOT NULL,
     shimId TEXT NOT NULL,
     line INTEGER NOT NULL,
     processId INTEGER,
     processStart TEXT,
     startedAt TEXT NOT NULL,
     startedBootMs INTEGER NOT NULL,
     logPosition TEXT,
     endedAt TEXT,
     durationMs INTEGER,
     exitCode INTEGER,
     signal TEXT,
     coreDumped INTEGER NOT NULL,
     reason TEXT,
     message TEXT,
     helperAway INTEGER NOT NULL,
     cpuUserMs REAL,
     cpuSystemMs REAL,
     peakMemoryBytes INTEGER,
     UNIQUE (shimId, line)
   ) STRICT;
   CREATE INDEX runsByShip ON runs (ship, id);
   CREATE INDEX runsOpen ON runs (endedAt) WHERE endedAt IS NULL;
   CREATE INDEX runsByEnd ON runs (endedAt);

   CREATE TABLE events (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     time TEXT NOT NULL,
     type TEXT NOT NULL,
     name TEXT,
     message TEXT NOT NULL,
     ship TEXT,
     shimId TEXT,
     line INTEGER,
     UNIQUE (shimId, line)
   ) STRICT;
   CREATE INDEX eventsByTime ON events (time);
   CREATE INDEX eventsByShip ON events (name, seq);`,

  `CREATE TABLE incidents (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     ship TEXT NOT NULL,
     openedAt TEXT NOT NULL,
     closedAt TEXT,
     outcome TEXT,
     failures INTEGER NOT NULL,
     reason TEXT NOT NULL,
     lastReason TEXT NOT NULL,
     shimId TEXT,
     line INTEGER
   ) STRICT;
   CREATE UNIQUE INDEX incidentsOpen ON incidents (ship) WHERE closedAt IS NULL;
   CREATE INDEX incidentsByShip ON incidents (ship, id);
   CREATE INDEX incidentsByEnd ON incidents (closedAt);

   CREATE TABLE notices (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     kind TEXT NOT NULL,
     incident INTEGER REFERENCES incidents (id) ON DELETE CASCADE,
     madeAt TEXT NOT NULL,
     state TEXT NOT NULL,
     attempts INTEGER NOT NULL,
     message TEXT,
     holder TEXT,
     claimedUntil TEXT,
     toldAt TEXT
   ) STRICT;
   CREATE INDEX noticesUntold ON notices (id) WHERE state IN ('pending', 'claimed');
   CREATE INDEX noticesByIncident ON notices (incident);`,
]

/**
 * Brings the database to the newest schema, all steps in one transaction. One that held data is first copied to
 * `FILE.vN.backup`. Throws KeelanError DATABASE_NEWER, and then has touched nothing.
 */
export async function migrate(
  database: Database,
  file: string,
  steps: readonly string[] = migrations,
): Promise<{ from: number; to: number; backup: string | null }> {
  const from = await database.read(schemaVersion)
  if (from > steps.length)
    throw new KeelanError(
      'DATABASE_NEWER',
      `${file} was written by a newer Keelan (schema ${from}; this one knows ${steps.length})`,
    )
  if (from === steps.length) return { from, to: from, backup: null }
  let backup: string | null = null
  if (from > 0) {
    backup = freeName(`${file}.v${from}.backup`)
    await database.read((connection) => connection.run('VACUUM INTO ?', backup))
  }
  await database.transaction(async (connection) => {
    for (const step of steps.slice(from)) await connection.exec(step)
    await connection.exec(`PRAGMA user_version = ${steps.length}`)
  })
  return { from, to: steps.length, backup }
}

async function schemaVersion(connection: Connection): Promise<number> {
  const row = await connection.get<{ user_version: number }>('PRAGMA user_version')
  return row?.user_version ?? 0
}

/** An earlier backup is never overwritten. */
function freeName(wanted: string): string {
  let name = wanted
  for (let n = 2; existsSync(name); n += 1) name = `${wanted}.${n}`
  return name
}

import type { Connection } from './database.ts'

/** A row as it lies in a table. */
export type Row = Record<string, string | number | null>

export const iso = (ms: number): string => new Date(ms).toISOString()
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms))

/** Writes a row, or changes the one that has the same key. */
export async function upsert(connection: Connection, table: string, key: string, row: Row): Promise<void> {
  const updates = Object.keys(row).map((column) => `${column} = excluded.${column}`)
  await insert(connection, table, row, `ON CONFLICT (${key}) DO UPDATE SET ${updates.join(', ')}`)
}

export function insert(connection: Connection, table: string, row: Row, onConflict = '') {
  const columns = Object.keys(row)
  return connection.run(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ${onConflict}`,
    ...Object.values(row),
  )
}

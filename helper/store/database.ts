import sqlite3 from 'sqlite3'
import { open, type Database as Connection } from 'sqlite'
import { KeelanError } from '../api/errors.ts'

export type { Connection }

/**
 * One SQLite connection on which one piece of work runs at a time. sqlite3 runs statements as they come, so while a
 * transaction is open every other statement on the connection would land inside it: all access is queued here.
 */
export class Database {
  readonly #connection: Connection
  #tail: Promise<unknown> = Promise.resolve()

  private constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Opens or creates `file`. Throws KeelanError DATABASE_UNREADABLE, DISK_FULL or BASE_DIRECTORY_UNUSABLE, naming it. */
  static async open(file: string): Promise<Database> {
    try {
      const connection = await open({ filename: file, driver: sqlite3.Database })
      // NORMAL loses no commit when a program dies, only when the machine does; then every run ended anyway, and the
      // stream gets a new id. 64 pages of cache are enough for single rows.
      await connection.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -512',
      )
      return new Database(connection)
    } catch (error) {
      throw explained(error, file)
    }
  }

  /** Runs `work` when everything queued before it is done. */
  read<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#queue(() => work(this.#connection))
  }

  /** Runs `work` in a transaction: all of it is written, or nothing. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#queue(async () => {
      await this.#connection.exec('BEGIN IMMEDIATE')
      try {
        const result = await work(this.#connection)
        await this.#connection.exec('COMMIT')
        return result
      } catch (error) {
        // A full disk may have rolled back by itself; then this fails and the first error is the one to tell.
        await this.#connection.exec('ROLLBACK').catch(() => undefined)
        throw error
      }
    })
  }

  /** Finishes what is queued, then closes. */
  close(): Promise<void> {
    return this.#queue(() => this.#connection.close())
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work).catch((error: unknown) => {
      throw explained(error, this.#connection.config.filename)
    })
    this.#tail = result.catch(() => undefined)
    return result
  }
}

/** What SQLite's own code means for a person; codes: https://sqlite.org/rescode.html */
function explained(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return new KeelanError('DATABASE_UNREADABLE', `${file} is not a database that SQLite can read, or is damaged`)
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return new KeelanError('DATABASE_BUSY', `another program holds ${file}`)
    case 'SQLITE_FULL':
      return new KeelanError('DISK_FULL', `the disk of ${file} is full`)
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
      return new KeelanError('BASE_DIRECTORY_UNUSABLE', `${file} cannot be opened for writing`)
    default:
      return error
  }
}

import { readFileSync, statSync } from 'node:fs'
import sqlite3 from 'sqlite3'
import { open } from 'sqlite'
import { KeelanError } from '../api/errors.ts'

/** Held while the helper lives. */
export interface Lock {
  /** Whether the file is still the one that was locked; if somebody deleted it, another helper could start. */
  isSound(): boolean
  release(): Promise<void>
}

/**
 * Takes the lock of a base directory, which the kernel releases when the process dies, however it does. It is SQLite's
 * exclusive lock on an empty database: Node has no flock, and SQLite's works on every platform. Throws KeelanError
 * HELPER_ALREADY_RUNNING.
 */
export async function takeLock(file: string, pidFile: string): Promise<Lock> {
  const connection = await open({ filename: file, driver: sqlite3.Database })
  try {
    await connection.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    await connection.close()
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY')
      throw new KeelanError('HELPER_ALREADY_RUNNING', `a helper is running already${pidOf(pidFile)}: it holds ${file}`)
    throw error
  }
  const { ino } = statSync(file)
  return {
    isSound: () => statSync(file, { throwIfNoEntry: false })?.ino === ino,
    release: () => connection.close(),
  }
}

/** ` (pid 4711)` as its pid file says; nothing if that cannot be read. */
function pidOf(pidFile: string): string {
  try {
    return ` (pid ${Number(readFileSync(pidFile, 'utf8'))})`
  } catch {
    return ''
  }
}

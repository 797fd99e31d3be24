import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Platform, StatusFile } from '../api/helper.ts'
import { makeFolder } from '../make-folder.ts'

/** The pid file and `keelan_status.json` beside it, for tools that only read files. */
export class StatusFiles {
  readonly #pidFile: string
  readonly #statusFile: string
  readonly #platform: Platform
  readonly #startTime: string

  constructor(pidFile: string, platform: Platform, startedAt: Date) {
    this.#pidFile = pidFile
    this.#statusFile = join(dirname(pidFile), 'keelan_status.json')
    this.#platform = platform
    this.#startTime = startedAt.toISOString()
  }

  /** Throws what the file system throws. */
  running(): void {
    makeFolder(dirname(this.#pidFile))
    replace(this.#pidFile, `${process.pid}\n`)
    this.#write('running', null)
  }

  stopped(): void {
    rmSync(this.#pidFile, { force: true })
    this.#write('stopped', null)
  }

  /** A helper that could not start, or had to give up. Never throws: what is wrong may be the disk itself. */
  failed(error: string): void {
    try {
      rmSync(this.#pidFile, { force: true })
      this.#write('error', error)
    } catch {
      // The log and the caller say it.
    }
  }

  #write(status: StatusFile['status'], error: string | null): void {
    const content: StatusFile = {
      status,
      start_time: this.#startTime,
      stop_time: status === 'running' ? null : new Date().toISOString(),
      pid: process.pid,
      platform: this.#platform,
      error,
    }
    replace(this.#statusFile, `${JSON.stringify(content, null, 2)}\n`)
  }
}

/** Whoever reads sees the old content or the new one, never half. */
function replace(file: string, content: string): void {
  const draft = `${file}.${process.pid}.new`
  try {
    writeFileSync(draft, content, { mode: 0o600 })
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

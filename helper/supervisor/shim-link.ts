import { KeelanError } from '../api/errors.ts'
import type { ShipRecord } from '../api/records.ts'
import type { Harbour } from './harbour.ts'
import type { JournalLine } from './journal.ts'
import { JournalFollower } from './journal-follower.ts'
import type { RunFolder } from './run-folder.ts'

/** Between tries to take lines that could not be committed (a full disk), in ms. */
const retryMs = 1_000

/** The helper's end of one shim: follows its journal and hands the lines over, in order, until each is committed. */
export class ShimLink {
  readonly folder: RunFolder
  readonly #harbour: Harbour
  readonly #take: (lines: readonly JournalLine[]) => Promise<void>
  readonly #onExit: (status: number | null) => void
  readonly #follower: JournalFollower
  #untaken: readonly JournalLine[] = []
  #taking: Promise<void> | null = null
  #again = false
  #retry: NodeJS.Timeout | null = null

  /**
   * `take` commits lines, and is called again with the same ones when it fails. `onExit` is called when a shim that this
   * helper spawned has gone, whether or not its journal says so.
   */
  constructor(
    harbour: Harbour,
    folder: RunFolder,
    lastLine: number,
    take: (lines: readonly JournalLine[]) => Promise<void>,
    onExit: (status: number | null) => void,
  ) {
    this.#harbour = harbour
    this.folder = folder
    this.#take = take
    this.#onExit = onExit
    this.#follower = new JournalFollower(folder, lastLine, () => void this.readNow())
  }

  /** Makes the folder; nothing runs by that. Throws KeelanError DISK_FULL or BASE_DIRECTORY_UNUSABLE. */
  prepare(ship: ShipRecord, spec: Buffer): void {
    try {
      this.folder.create(ship, spec)
    } catch (error) {
      this.folder.delete()
      throw cannotWrite(error, this.folder.path)
    }
  }

  watch(): void {
    this.#follower.watch()
  }

  /** Starts the shim. Throws KeelanError SHIM_MISSING if its binary cannot be executed. */
  spawn(): Promise<void> {
    const child = this.folder.spawnShim(this.#harbour.shimPath)
    return new Promise((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error) =>
        reject(new KeelanError('SHIM_MISSING', `${this.#harbour.shimPath} cannot be executed (${error.message})`)),
      )
      child.once('exit', this.#onExit)
    })
  }

  /** Takes everything that the journal holds by now; returns once it is committed, or could not be for now. */
  async readNow(): Promise<void> {
    if (this.#taking) {
      this.#again = true
      return this.#taking
    }
    this.#taking = this.#takeAll().finally(() => (this.#taking = null))
    return this.#taking
  }

  close(): void {
    this.#follower.close()
    if (this.#retry) clearTimeout(this.#retry)
    this.#retry = null
  }

  async #takeAll(): Promise<void> {
    do {
      this.#again = false
      try {
        this.#untaken = [...this.#untaken, ...this.#follower.read()]
        if (this.#untaken.length === 0) continue
        await this.#take(this.#untaken)
        this.#untaken = []
      } catch (error) {
        this.#harbour.log('error', `${this.folder.journal}: cannot be taken for now: ${String(error)}`)
        this.#retry ??= setTimeout(() => {
          this.#retry = null
          void this.readNow()
        }, retryMs).unref()
        return
      }
    } while (this.#again)
  }
}

function cannotWrite(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return new KeelanError('DISK_FULL', `the disk of ${path} is full`)
  return new KeelanError('BASE_DIRECTORY_UNUSABLE', `${path} cannot be made (${String(code)})`)
}

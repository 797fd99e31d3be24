import { closeSync, openSync, readSync, watch, type FSWatcher } from 'node:fs'
import { JournalLines, type JournalLine } from './journal.ts'
import type { RunFolder } from './run-folder.ts'

/** How often a journal is looked at where the system has no watch left to give (inotify(7): max_user_watches), in ms. */
const pollMs = 500

/** One for all: what is read is taken out of it before anything else can happen. */
const buffer = Buffer.alloc(16_384)

/** Follows one journal: a file watch says when there is more, and lines come in order, each once. */
export class JournalFollower {
  readonly #folder: RunFolder
  readonly #onMore: () => void
  readonly #lines: JournalLines
  #watcher: FSWatcher | null = null
  #timer: NodeJS.Timeout | null = null
  /** Kept open: what a shim writes is read also when its folder was deleted or moved away. */
  #file: number | null = null
  #offset = 0

  /** `onMore` is called whenever `read` may have something new. Lines up to `lastLine` were taken before. */
  constructor(folder: RunFolder, lastLine: number, onMore: () => void) {
    this.#folder = folder
    this.#lines = new JournalLines(lastLine)
    this.#onMore = onMore
  }

  /** Begins to watch; what is there already is not announced. */
  watch(): void {
    try {
      this.#watcher = watch(this.#folder.path, { persistent: false }, this.#onMore)
      this.#watcher.on('error', () => this.#poll())
    } catch {
      this.#poll()
    }
  }

  /** The lines that came since the last call. Small and in the page cache, so read without a detour through threads. */
  read(): JournalLine[] {
    const lines: JournalLine[] = []
    const file = this.#open()
    if (file === null) return lines
    for (;;) {
      const length = readSync(file, buffer, 0, buffer.length, this.#offset)
      if (length === 0) return lines
      this.#offset += length
      lines.push(...this.#lines.push(buffer.subarray(0, length)))
    }
  }

  close(): void {
    this.#watcher?.close()
    if (this.#timer) clearInterval(this.#timer)
    if (this.#file !== null) closeSync(this.#file)
    this.#watcher = null
    this.#timer = null
    this.#file = null
  }

  #open(): number | null {
    if (this.#file === null) {
      try {
        this.#file = openSync(this.#folder.journal, 'r')
      } catch {
        return null
      }
    }
    return this.#file
  }

  #poll(): void {
    this.#watcher?.close()
    this.#watcher = null
    this.#timer ??= setInterval(this.#onMore, pollMs).unref()
  }
}

import { readFileSync } from 'node:fs'
import { keyOf, type ProcessRow } from './process-table.ts'

/**
 * How much time a sample may spend on reading PSS, in ms. The kernel walks all pages of a process for it: 60 µs for a
 * `sleep`, 0.9 ms for a bare Node of 45 MB, 8 ms for 500 MB, so 100 ships on Node would take 90 ms every time.
 */
const budgetMs = 4
/** The RSS of a process above which PSS is not read, in bytes: a single reading would hold up everything for longer than that. */
const largest = 256 * 1_048_576

/** Which part of the memory of processes is theirs, where pages are shared: PSS by RSS. Linux only; elsewhere all of it. */
export class MemoryShares {
  readonly #read: (pid: number) => number | null
  readonly #now: () => number
  /** By process, those read longest ago first. */
  #shares = new Map<string, number>()

  constructor(read: (pid: number) => number | null = readShare, now: () => number = () => performance.now()) {
    this.#read = read
    this.#now = now
  }

  /** Reads as many as there is time for, first those never read, then those read longest ago. Forgets all that are gone. */
  refresh(rows: readonly ProcessRow[]): void {
    const byKey = new Map(rows.map((row) => [keyOf(row), row]))
    this.#shares = new Map([...this.#shares].filter(([key]) => byKey.has(key)))
    const unread = [...byKey.keys()].filter((key) => !this.#shares.has(key))
    const until = this.#now() + budgetMs
    for (const key of [...unread, ...this.#shares.keys()]) {
      if (this.#now() >= until) return
      const row = byKey.get(key)
      if (!row || row.rssBytes === 0 || row.rssBytes > largest) continue
      this.#shares.delete(key)
      this.#shares.set(key, this.#read(row.pid) ?? 1)
    }
  }

  bytesOf(row: ProcessRow): number {
    return Math.round(row.rssBytes * (this.#shares.get(keyOf(row)) ?? 1))
  }
}

/** null: gone, another user's, or a system without it. */
function readShare(pid: number): number | null {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')
    const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1])
    const share = kib('Pss') / kib('Rss')
    return Number.isFinite(share) ? share : null
  } catch {
    return null
  }
}

import { readFileSync } from 'node:fs'

/**
 * Whether a death by SIGKILL that nobody asked for was the kernel's doing, for want of memory. It does not say whom it
 * killed, only how often it did, on the machine and in all control groups together: so each kill explains one death,
 * and none that is long past.
 */
export class OomKills {
  readonly #read: () => number | null
  /** Kills that explain nothing any more. */
  #spent: number
  /** How many there were at the last look. */
  #last: number

  /** `read` gives how often it killed since the machine's start; null: not known. */
  constructor(read: () => number | null = readOomKills) {
    this.#read = read
    this.#spent = this.#last = read() ?? Infinity
  }

  /** To be asked at such a death; true takes one kill. */
  explainsDeath(): boolean {
    const count = this.#read()
    if (count === null || count <= this.#spent) return false
    this.#spent += 1
    return true
  }

  /** To be called now and then: what happened before the call before this one explains nothing from now on. */
  forgetOld(): void {
    this.#spent = Math.max(this.#spent, this.#last)
    this.#last = this.#read() ?? Infinity
  }
}

/** `oom_kill` of /proc/vmstat (Linux 4.13). */
function readOomKills(): number | null {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'))?.[1]
    return count === undefined ? null : Number(count)
  } catch {
    return null
  }
}

import type { Timing } from '../log-tail.ts'

/** For tests: time that goes on when told to. */
export class ManualTiming implements Timing {
  nowMs = 1_000
  #rounds: (() => void)[] = []
  #pauses: (() => void)[] = []

  now(): number {
    return this.nowMs
  }

  nextRound(round: () => void): void {
    this.#rounds.push(round)
  }

  pause(_: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#pauses.push(resolve)
      signal.addEventListener('abort', () => resolve())
    })
  }

  /** Lets all that waits go on, and what follows from it, until nothing more happens; what is tried for ever is tried for a while. */
  async settle(): Promise<void> {
    for (let quiet = 0, left = 60; quiet < 3 && left > 0; quiet++, left--) {
      // A macrotask: replies and streams have their turn.
      await new Promise((resolve) => setTimeout(resolve, 1))
      const waiting = [...this.#rounds.splice(0), ...this.#pauses.splice(0)]
      if (waiting.length > 0) quiet = -1
      for (const goOn of waiting) goOn()
    }
  }
}

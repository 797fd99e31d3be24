import type { Harbour } from './harbour.ts'
import type { Ledger } from './ledger.ts'
import { bootNowMs } from './ship-view.ts'

/** As long as an incident lasts, the clock is looked at this often, in ms: a timer stands still while the machine sleeps. */
const longestTimerMs = 60_000
/** When what could not be written is tried again, in ms. */
const retryMs = 30_000

/** Closes a ship's incident once it has run for `reset_after`. A ship without an incident costs nothing here. */
export class RecoveryWatch {
  readonly #harbour: Harbour
  readonly #ledger: Ledger
  #timer: NodeJS.Timeout | null = null
  #closed = false

  constructor(harbour: Harbour, ledger: Ledger) {
    this.#harbour = harbour
    this.#ledger = ledger
    ledger.watch(() => this.look())
  }

  /** To be called once, when all that happened before is known; after each change it looks by itself. */
  look(): void {
    const leftMs = this.#leftMs()
    this.#in(leftMs)
  }

  close(): void {
    this.#closed = true
    this.#in(null)
  }

  /** How long it still has to run, in ms; null: it has no incident, or does not run. */
  #leftMs(): number | null {
    const { incident, ship } = this.#ledger
    if (!incident || ship.state.status !== 'running') return null
    return Math.max(0, ship.state.startedBootMs + ship.definition.backoff.resetAfterMs - bootNowMs())
  }

  #in(delayMs: number | null): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    if (delayMs === null || this.#closed) return
    this.#timer = setTimeout(() => void this.#close(), Math.min(delayMs, longestTimerMs))
  }

  async #close(): Promise<void> {
    this.#timer = null
    try {
      await this.#ledger.change(() => {
        if (this.#closed || this.#leftMs() !== 0) return null
        return { events: [], happenings: [{ kind: 'recovered', atMs: Date.now() }] }
      })
      // Its clock may have been a little ahead of the ship's.
      if (this.#timer === null) this.look()
    } catch (error) {
      this.#harbour.log('error', `${this.#ledger.ship.definition.name}: its recovery is not noted: ${String(error)}`)
      this.#in(retryMs)
    }
  }
}

import type { KeelanEvent } from '../api/events.ts'
import type { Change, NewEvent, RunRecord, ShimRecord, ShipRecord } from '../api/records.ts'
import type { Harbour } from './harbour.ts'
import { Queue } from './queue.ts'
import { shipView } from './ship-view.ts'

/** What a change makes of a ship. `run`: the open run after it; left out, it stays. */
export interface NextEntry extends Change {
  readonly run?: RunRecord | null
  /** Called when it is committed and in force, before anybody is told. */
  readonly entered?: () => unknown
}

/**
 * The one place where a ship's state lives in memory. A change is made from the state before it, committed, and only
 * then seen and told: one after another, so that none is made from a state that is not yet true.
 */
export class Ledger {
  readonly #harbour: Harbour
  readonly #changes = new Queue()
  readonly #watchers = new Set<() => void>()
  #ship: ShipRecord
  #shim: ShimRecord | null
  #run: RunRecord | null

  constructor(harbour: Harbour, ship: ShipRecord, shim: ShimRecord | null, run: RunRecord | null) {
    this.#harbour = harbour
    this.#ship = ship
    this.#shim = shim
    this.#run = run
  }

  get ship(): ShipRecord {
    return this.#ship
  }

  /** Its newest shim; null before its first start, and after a restart of the helper if that shim had ended. */
  get shim(): ShimRecord | null {
    return this.#shim
  }

  /** The run that has not ended. */
  get run(): RunRecord | null {
    return this.#run
  }

  /** Commits what `make` makes of the state as it is then; if that fails, nothing has changed. null: no change at all. */
  change(make: () => NextEntry | null): Promise<void> {
    return this.#changes.run(async () => {
      const next = make()
      if (next === null) return
      await this.#harbour.memory.commit(next, (events) => this.#enter(next, events))
      for (const look of this.#watchers) look()
    })
  }

  /** An event of this ship, as it will be after `ship`, for a change. */
  event(type: KeelanEvent['type'], message: string, ship: ShipRecord = this.#ship, shim = this.#shim): NewEvent {
    return {
      timeMs: Date.now(),
      type,
      name: ship.definition.name,
      message: `${ship.definition.name} ${message}`,
      ship: shipView(ship, shim),
      origin: null,
    }
  }

  /** Waits until `done` is true of the state; false if that took longer than `timeoutMs`. */
  until(done: () => boolean, timeoutMs?: number): Promise<boolean> {
    if (done()) return Promise.resolve(true)
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const finish = (result: boolean): void => {
        clearTimeout(timer)
        this.#watchers.delete(look)
        resolve(result)
      }
      const look = (): void => {
        if (done()) finish(true)
      }
      this.#watchers.add(look)
      if (timeoutMs !== undefined) timer = setTimeout(() => finish(false), timeoutMs)
    })
  }

  #enter(next: NextEntry, events: readonly KeelanEvent[]): void {
    if (next.ship) this.#ship = next.ship
    if (next.shim) this.#shim = next.shim
    if (next.run !== undefined) this.#run = next.run
    next.entered?.()
    this.#harbour.publish(events)
  }
}

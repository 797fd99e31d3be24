import type { KeelanEvent } from '../api/events.ts'
import type { Change, NewEvent, OpenIncident, RunRecord, ShimRecord, ShipRecord } from '../api/records.ts'
import type { Harbour } from './harbour.ts'
import { type Happening, incidentWords, takeHappenings } from './incidents.ts'
import { Queue } from './queue.ts'
import { shipView } from './ship-view.ts'

/** What a change makes of a ship. `run`: the open run after it; left out, it stays. */
export interface NextEntry extends Change {
  readonly run?: RunRecord | null
  /** What in it concerns incidents. */
  readonly happenings?: readonly Happening[]
  /** Called when it is committed and in force, before anybody is told. */
  readonly entered?: () => unknown
}

/** What is known of a ship when it is taken up. */
export interface LedgerState {
  readonly ship: ShipRecord
  /** Its newest, if it has not ended. */
  readonly shim: ShimRecord | null
  /** Its open one. */
  readonly run: RunRecord | null
  readonly incident: OpenIncident | null
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
  #incident: OpenIncident | null
  /** How many commands are waiting for the ship to start, each of which replies with what goes wrong. */
  #awaiting = 0

  constructor(harbour: Harbour, { ship, shim, run, incident }: LedgerState) {
    this.#harbour = harbour
    this.#ship = ship
    this.#shim = shim
    this.#run = run
    this.#incident = incident
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

  /** The one that lasts. */
  get incident(): OpenIncident | null {
    return this.#incident
  }

  /** While `work` goes on, somebody waits for the ship to start: that it cannot be is theirs to hear, and no incident. */
  async awaitingStart<T>(work: () => Promise<T>): Promise<T> {
    this.#awaiting += 1
    try {
      return await work()
    } finally {
      this.#awaiting -= 1
    }
  }

  /** Calls `look` after every change. */
  watch(look: () => void): void {
    this.#watchers.add(look)
  }

  /** Commits what `make` makes of the state as it is then; if that fails, nothing has changed. null: no change at all. */
  change(make: () => NextEntry | null): Promise<void> {
    return this.#changes.run(async () => {
      const next = make()
      if (next === null) return
      const { open, changes } = this.#incidentsAfter(next)
      const ship = next.ship ?? this.#ship
      const shim = next.shim ?? this.#shim
      const told = changes.flatMap((change): NewEvent[] => {
        const words = incidentWords(change)
        if (words === null) return []
        const event = this.event(change.kind === 'opened' ? 'incident.opened' : 'incident.closed', words, ship, shim)
        return [next.removeShip === undefined ? event : { ...event, ship: null }]
      })
      const change: Change = { ...next, incidents: changes, events: [...next.events, ...told] }
      await this.#harbour.memory.commit(change, (events) => this.#enter({ ...next, incident: open }, events))
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

  #incidentsAfter(next: NextEntry) {
    const { name, backoff } = (next.ship ?? this.#ship).definition
    const isHeard = (happening: Happening): boolean =>
      this.#awaiting > 0 && happening.kind === 'failed' && happening.ranMs === null
    const happenings = (next.happenings ?? []).filter((happening) => !isHeard(happening))
    return takeHappenings(name, this.#incident, happenings, backoff.resetAfterMs)
  }

  #enter(next: NextEntry & { incident: OpenIncident | null }, events: readonly KeelanEvent[]): void {
    this.#incident = next.incident
    if (next.ship) this.#ship = next.ship
    if (next.shim) this.#shim = next.shim
    if (next.run !== undefined) this.#run = next.run
    next.entered?.()
    this.#harbour.publish(events)
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { KeelanEvent } from '../../helper/api/events.ts'
import type { Ship } from '../../helper/api/ship.ts'
import type { KeelanClient } from '../../helper/client.ts'

export interface FleetListener {
  /** What is known of the ships has changed. */
  changed?(): void
  /** Something happened, each once and in order; not what happened while nobody listened. */
  happened?(event: KeelanEvent): void
  /** The helper answers, or answers again. */
  connected?(): void
  /** The helper went away: what is known of the ships is what was known last. */
  lost?(): void
}

/** After a fault that trying again at once would only repeat, in ms. */
const betweenFaultsMs = 2_000

/** What is known of all ships, kept up to date by the event stream for as long as the app runs. */
export class Fleet {
  readonly #client: KeelanClient
  readonly #onError: (error: unknown) => void
  readonly #listeners: FleetListener[] = []
  readonly #ships = new Map<string, Ship>()
  #following = new AbortController()
  #connected = false
  /** Somebody saw the helper: that it is not there after all is news, too. */
  #expected = false

  constructor(client: KeelanClient, onError: (error: unknown) => void) {
    this.#client = client
    this.#onError = onError
  }

  /** All ships, by name. */
  get ships(): readonly Ship[] {
    return [...this.#ships.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  get connected(): boolean {
    return this.#connected
  }

  listen(listener: FleetListener): void {
    this.#listeners.push(listener)
  }

  /**
   * Follows the events for as long as the app runs; called again when the helper was just seen, it looks for it at once, and
   * tells if it has gone again by then.
   */
  follow(wasSeen = false): void {
    if (this.#connected) return
    this.#expected = wasSeen
    this.#following.abort()
    this.#following = new AbortController()
    void this.#followOn(this.#following.signal)
  }

  close(): void {
    this.#following.abort()
  }

  async #followOn(signal: AbortSignal): Promise<void> {
    let noted = ''
    while (!signal.aborted) {
      // What the helper says is beyond us, or a listener failed: that is noted, and ships go on being followed.
      await this.#read(signal).catch((error: unknown) => {
        if (String(error) !== noted) this.#onError(error)
        noted = String(error)
      })
      await sleep(betweenFaultsMs, undefined, { signal }).catch(() => {})
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const onState = (state: 'connected' | 'waiting') => {
      if (!signal.aborted) this.#become(state === 'connected')
    }
    for await (const line of this.#client.followEvents({}, signal, onState)) {
      if (signal.aborted) return
      if (line.type === 'snapshot') this.#take(line.ships)
      else if (line.type === 'event') this.#note(line.event)
    }
  }

  #become(connected: boolean): void {
    if (connected ? this.#connected : !this.#connected && !this.#expected) return
    this.#connected = connected
    this.#expected = false
    this.#tell(connected ? 'connected' : 'lost')
  }

  #take(ships: readonly Ship[]): void {
    this.#ships.clear()
    for (const ship of ships) this.#ships.set(ship.name, ship)
    this.#tell('changed')
  }

  #note(event: KeelanEvent): void {
    if (event.ship) this.#ships.set(event.ship.name, event.ship)
    else if (event.name !== null && event.type === 'ship.removed') this.#ships.delete(event.name)
    for (const listener of this.#listeners) listener.happened?.(event)
    if (event.name !== null) this.#tell('changed')
  }

  #tell(what: 'changed' | 'connected' | 'lost'): void {
    for (const listener of this.#listeners) listener[what]?.()
  }
}

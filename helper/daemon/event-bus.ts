import type { KeelanEvent } from '../api/events.ts'
import type { Log } from './helper-log.ts'

export type EventListener = (event: KeelanEvent) => void

/** Passes committed events on, in their order, to everyone who listens. */
export class EventBus {
  readonly #listeners = new Set<EventListener>()
  readonly #log: Log
  #lastSeq = 0

  constructor(log: Log) {
    this.#log = log
  }

  get lastSeq(): number {
    return this.#lastSeq
  }

  /** Where numbers go on after a restart. */
  continueAfter(seq: number): void {
    this.#lastSeq = seq
  }

  publish(events: readonly KeelanEvent[]): void {
    for (const event of events) {
      this.#lastSeq = event.seq
      this.#log(event.type === 'ship.failed' ? 'warn' : 'info', 'ships', event.message)
      for (const listener of this.#listeners) listener(event)
    }
  }

  listen(listener: EventListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

import type { ServerResponse } from 'node:http'
import type { KeelanEvent } from '../api/events.ts'
import type { Log } from './log.ts'
import type { OpenStreams } from './open-streams.ts'
import type { Services } from './services.ts'

/** How many bytes may wait for a consumer before it is taken for one that does not read. */
const queueLimit = 1_048_576
/** After how long with nothing else to tell a consumer is told that the helper is alive, in ms. */
const heartbeatMs = 15_000

interface Line {
  seq: number
  ship: string | null
  bytes: Buffer
}

/** Hands every event to all consumers, made into bytes once. A consumer that does not read is dropped, and holds up nobody. */
export class EventHub {
  readonly #consumers = new Set<EventConsumer>()
  readonly #streams: OpenStreams
  readonly #log: Log
  readonly #unsubscribe: () => void

  constructor(services: Pick<Services, 'onEvent'>, streams: OpenStreams, log: Log) {
    this.#streams = streams
    this.#log = log
    this.#unsubscribe = services.onEvent((event) => this.#publish(event))
  }

  /** Begins to keep events for a consumer; they are sent from `goLive` on. */
  subscribe(response: ServerResponse, ship: string | undefined): EventConsumer {
    const consumer = new EventConsumer(response, ship, () => {
      this.#log.warn('a consumer of events that does not read was dropped')
    })
    this.#consumers.add(consumer)
    response.once('close', () => this.#consumers.delete(consumer))
    this.#streams.add(response, () => consumer.end())
    return consumer
  }

  /** Stops listening; the streams themselves are ended by `OpenStreams`. */
  close(): void {
    this.#unsubscribe()
  }

  #publish(event: KeelanEvent): void {
    if (this.#consumers.size === 0) return
    const line = { seq: event.seq, ship: event.name, bytes: eventLine(event) }
    for (const consumer of this.#consumers) consumer.take(line)
  }
}

/** One who follows the events. Until it is live, what happens is kept; all that waits for it together is bounded. */
export class EventConsumer {
  readonly #response: ServerResponse
  readonly #ship: string | undefined
  readonly #onDrop: () => void
  #waiting: Line[] | undefined = []
  #waitingBytes = 0
  /** Every event up to this one was sent, or is none of its business. */
  #seq = 0
  #ended = false
  #heartbeat: NodeJS.Timeout | undefined

  constructor(response: ServerResponse, ship: string | undefined, onDrop: () => void) {
    this.#response = response
    this.#ship = ship
    this.#onDrop = onDrop
  }

  take(line: Line): void {
    if (this.#ended) return
    if (!this.#waiting) return this.#send(line)
    this.#waiting.push(line)
    this.#waitingBytes += line.bytes.length
    this.#dropIfLate()
  }

  /** Everything up to `seq` was written: sends what has happened since, and from now on what happens. */
  goLive(seq: number): void {
    this.#seq = seq
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    this.#waitingBytes = 0
    for (const line of waiting) this.#send(line)
    if (this.#ended) this.#response.end()
    else this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs)
  }

  /** Ends the stream; if it is not live yet, as soon as it would be. */
  end(): void {
    this.#ended = true
    clearInterval(this.#heartbeat)
    if (!this.#waiting) this.#response.end()
  }

  #send({ seq, ship, bytes }: Line): void {
    if (seq <= this.#seq) return
    this.#seq = seq
    if (this.#ship !== undefined && ship !== this.#ship) return
    this.#response.write(bytes)
    this.#heartbeat?.refresh()
    this.#dropIfLate()
  }

  #beat(): void {
    this.#response.write(`${JSON.stringify({ type: 'heartbeat', seq: this.#seq })}\n`)
    this.#dropIfLate()
  }

  #dropIfLate(): void {
    if (this.#ended || this.#waitingBytes + this.#response.writableLength <= queueLimit) return
    this.#ended = true
    clearInterval(this.#heartbeat)
    this.#onDrop()
    this.#response.destroy()
  }
}

/** An event as a line of the stream. */
export function eventLine(event: KeelanEvent): Buffer {
  return Buffer.from(`${JSON.stringify({ type: 'event', event })}\n`)
}

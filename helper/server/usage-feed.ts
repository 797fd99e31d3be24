import type { ServerResponse } from 'node:http'
import type { Usage, UsageLine } from '../api/events.ts'
import type { Log } from './log.ts'
import type { Services } from './services.ts'

/** Between two samples, in ms. */
const intervalMs = 2_000
/** Until the first line after nobody had asked, in ms: processor time is known from two samples on. */
const firstMs = 250

interface Consumer {
  readonly response: ServerResponse
  readonly ship: string | undefined
}

/** Samples what the ships use while at least one asks for it, and tells those. */
export class UsageFeed {
  readonly #usage: Services['usage']
  readonly #log: Log
  readonly #consumers = new Set<Consumer>()
  /** The newest, for who comes between two samples. */
  #last: UsageLine | null = null
  #timer: NodeJS.Timeout | null = null

  constructor({ usage }: Pick<Services, 'usage'>, log: Log) {
    this.#usage = usage
    this.#log = log
  }

  /** Sends usage lines from now on, until the response is closed; `ship`: of this one alone. */
  subscribe(response: ServerResponse, ship: string | undefined): void {
    if (response.destroyed || response.writableEnded) return
    const consumer = { response, ship }
    this.#consumers.add(consumer)
    response.once('close', () => {
      this.#consumers.delete(consumer)
      if (this.#consumers.size === 0) this.#stop()
    })
    if (this.#last) send(consumer, this.#last)
    this.#timer ??= this.#begin()
  }

  #begin(): NodeJS.Timeout {
    void this.#sample()
    return setTimeout(() => this.#tell(), firstMs)
  }

  #stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#last = null
    this.#usage.forget()
  }

  #tell(): void {
    // At once, so that one line follows the other in time however long a sample takes.
    const timer = setTimeout(() => this.#tell(), intervalMs)
    this.#timer = timer
    void this.#sample().then((ships) => {
      if (!ships || this.#timer !== timer) return
      const line: UsageLine = { type: 'usage', time: new Date().toISOString(), ships }
      this.#last = line
      for (const consumer of this.#consumers) send(consumer, line)
    })
  }

  async #sample(): Promise<Record<string, Usage> | null> {
    try {
      return await this.#usage.sample()
    } catch (error) {
      this.#log.error(`what the ships use could not be sampled: ${String(error)}`)
      return null
    }
  }
}

/** A line that would have to wait is left out: the next one is newer. */
function send({ response, ship }: Consumer, line: UsageLine): void {
  if (response.destroyed || response.writableEnded || response.writableNeedDrain) return
  const own =
    ship === undefined ? line.ships : Object.fromEntries(Object.entries(line.ships).filter(([name]) => name === ship))
  response.write(`${JSON.stringify({ ...line, ships: own })}\n`)
}

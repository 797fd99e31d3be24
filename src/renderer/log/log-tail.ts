import { errorTable, KeelanError } from '../../../helper/api/errors.ts'
import type { Position } from './log-line.ts'
import type { LogSource } from './log-source.ts'

/** What a tail tells. */
export interface TailListener {
  /** What was written from an offset on, once a round. */
  onBytes(bytes: Uint8Array, offset: number): void
  /** The helper went away, or is back: what was written meanwhile comes next, up to the offset `lateBefore`. */
  onAway(away: boolean, lateBefore: number): void
  /** The log is written faster than it can be read. */
  onBehind(): void
  /** The log was truncated or replaced. The tail has ended. */
  onGone(): void
  /** The log cannot be followed, for a reason that does not pass. The tail has ended. */
  onFailed(error: KeelanError): void
}

/** Time, so that tests need not wait for it. */
export interface Timing {
  /** In ms since 1970. */
  now(): number
  /** Calls `round` soon, at most as often as the page can be drawn. */
  nextRound(round: () => void): void
  pause(ms: number, signal: AbortSignal): Promise<void>
}

/** The most that is taken in one round. */
const roundBytes = 1_048_576
/** After so many full rounds in a row it is looked how far the log is ahead. */
const fullRounds = 10
const behindBytes = 4 * roundBytes
const firstRetryMs = 50
const lastRetryMs = 2_000

/** Follows the end of a log, over absences of the helper. Takes no more than can be shown: what is too fast waits where it is. */
export class LogTail {
  readonly #source: LogSource
  readonly #timing: Timing
  readonly #listener: TailListener
  readonly #stop = new AbortController()
  readonly #generation: number
  #offset: number
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #full = 0
  #roundDone: (() => void) | undefined

  constructor(source: LogSource, from: Position, timing: Timing, listener: TailListener) {
    this.#source = source
    this.#timing = timing
    this.#listener = listener
    this.#generation = from.generation
    this.#offset = from.offset
    void this.#run()
  }

  /** Ends it: nothing more is told. */
  close(): void {
    this.#stop.abort()
    this.#waiting = []
    this.#roundDone?.()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    let away = false
    for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
      try {
        if (away) {
          const { size } = await this.#source.line('end', signal)
          away = false
          this.#listener.onAway(false, size)
        }
        const from = { generation: this.#generation, offset: this.#offset + this.#waitingBytes }
        for await (const bytes of this.#source.follow(from, signal)) {
          retryMs = firstRetryMs
          await this.#take(bytes)
          if (signal.aborted) return
        }
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof KeelanError && error.code === 'LOG_POSITION_GONE')
          return this.#end(() => this.#listener.onGone())
        if (error instanceof KeelanError && errorTable[error.code].status < 500)
          return this.#end(() => this.#listener.onFailed(error))
        if (!away) this.#listener.onAway(true, 0)
        away = true
      }
      await this.#timing.pause(retryMs, signal)
    }
  }

  /** What came before the end is told before it. */
  #end(tell: () => void): void {
    this.#round()
    if (!this.#stop.signal.aborted) tell()
  }

  async #take(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    if (this.#waiting.length === 1) this.#timing.nextRound(() => this.#round())
    if (this.#waitingBytes >= roundBytes) await new Promise<void>((resolve) => (this.#roundDone = resolve))
  }

  #round(): void {
    if (this.#stop.signal.aborted || this.#waiting.length === 0) return
    const bytes = joined(this.#waiting, this.#waitingBytes)
    this.#full = bytes.length >= roundBytes ? this.#full + 1 : 0
    this.#waiting = []
    this.#waitingBytes = 0
    const offset = this.#offset
    this.#offset += bytes.length
    this.#listener.onBytes(bytes, offset)
    this.#roundDone?.()
    if (this.#full > 0 && this.#full % fullRounds === 0) void this.#lookAhead()
  }

  async #lookAhead(): Promise<void> {
    const { size, generation } = await this.#source
      .line('end', this.#stop.signal)
      .catch(() => ({ size: 0, generation: 0 }))
    if (this.#stop.signal.aborted || generation !== this.#generation) return
    if (size - this.#offset > behindBytes) this.#listener.onBehind()
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

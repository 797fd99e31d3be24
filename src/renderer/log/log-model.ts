import { errorTable, KeelanError } from '../../../helper/api/errors.ts'
import { countLines, type Position } from './log-line.ts'
import type { LogSource } from './log-source.ts'
import { LogTail, type Timing } from './log-tail.ts'
import { atFirst, type LogState, more, type Target } from './log-state.ts'
import { LogWindow, usualLimits, type WindowLimits } from './log-window.ts'
import { LineSplitter } from './line-splitter.ts'

const retryMs = 500

/**
 * A log as the page shows it: a window on it, and its tail. While the window reaches the end, what is written is put
 * behind it; else it is only counted.
 */
export class LogModel {
  readonly #source: LogSource
  readonly #timing: Timing
  readonly #window: LogWindow
  readonly #stop = new AbortController()
  readonly #listeners = new Set<() => void>()
  #state = atFirst
  #tail: LogTail | undefined
  /** Set while the window reaches the end. */
  #splitter: LineSplitter | undefined
  #reading = { up: false, down: false }

  constructor(source: LogSource, timing: Timing, limits: WindowLimits = usualLimits) {
    this.#source = source
    this.#timing = timing
    this.#window = new LogWindow(source, limits)
  }

  readonly state = (): LogState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#stop.abort()
    this.#tail?.close()
  }

  /** Opens the log at a place, or at its end; tries until the helper answers. */
  async open(at: Position | null): Promise<void> {
    while (at && this.#state.phase === 'opening' && !this.#stop.signal.aborted) {
      if (await this.goTo(at, 'start')) return
      const { error } = this.#state
      if (error) {
        await this.follow()
        return this.#set({ error })
      }
      await this.#timing.pause(retryMs, this.#stop.signal)
    }
    await this.follow()
  }

  /** Shows the end, and what is written from now on. */
  async follow(): Promise<void> {
    const wasGone = this.#state.begunAfresh === 'shown'
    this.#set({ following: true, fresh: null, skipped: null, ...(wasGone && { begunAfresh: 'told' }) })
    if (this.#splitter && !wasGone) this.#window.stay()
    else await this.#moveToEnd()
  }

  /** Leaves the end alone: the lines shown stay. */
  unfollow(): void {
    if (!this.#state.following) return
    this.#set({ following: false, fresh: { from: this.#state.size, lines: 0, bytes: 0 } })
  }

  /** Shows the line that a byte is in. False: it cannot be shown, and the state says why. */
  async goTo(at: Position, align: Target['align'] = 'center'): Promise<boolean> {
    this.unfollow()
    const { generation, phase } = this.#state
    const isHere = phase === 'open' && at.generation === generation && this.#holds(at.offset)
    let left = false
    const move = async (signal: AbortSignal): Promise<void> => {
      if (await this.#window.moveTo(at, signal)) this.#begin()
      else left = true
    }
    if (isHere) this.#window.stay()
    else if (!(await this.#try(move))) return false
    if (left) return true
    this.#set({ target: { offset: at.offset, align, count: (this.#state.target?.count ?? 0) + 1 } })
    return true
  }

  /** Reads on before the first line shown. */
  growUp(): Promise<void> {
    return this.#grow('up', async (signal) => {
      const { to } = this.#window
      if (!(await this.#window.growUp(signal))) return
      // The last lines had to go: the window does not reach the end any more.
      if (this.#window.to !== to) this.#splitter = undefined
    })
  }

  /** Reads on after the last line shown. */
  growDown(): Promise<void> {
    return this.#grow('down', async (signal) => {
      await this.#window.growDown(signal)
      if (this.#window.to === this.#window.size) this.#begin()
    })
  }

  /** Takes a notice away. */
  dismiss(what: 'skipped' | 'begunAfresh' | 'error'): void {
    if (what === 'begunAfresh') this.#set({ begunAfresh: 'no' })
    else this.#set({ [what]: null })
  }

  #holds(offset: number): boolean {
    return offset >= this.#window.from && (offset < this.#window.to || offset === this.#state.size)
  }

  async #grow(where: 'up' | 'down', read: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#reading[where] || this.#state.phase !== 'open' || this.#state.begunAfresh === 'shown') return
    if (where === 'up' ? this.#window.from === 0 : this.#splitter) return
    this.#reading[where] = true
    await this.#try(read)
    this.#reading[where] = false
  }

  async #moveToEnd(): Promise<void> {
    const done = await this.#try(async (signal) => {
      if (await this.#window.moveToEnd(signal)) this.#begin()
    })
    if (done || this.#state.phase === 'failed' || this.#stop.signal.aborted) return
    await this.#timing.pause(retryMs, this.#stop.signal)
    if (!this.#stop.signal.aborted && this.#state.following) await this.#moveToEnd()
  }

  /** After the window moved: follows the log from where it ends, or, if that is not the end, from there. */
  #begin(): void {
    const { generation, size, to, unfinished } = this.#window
    this.#splitter = to === size ? new LineSplitter(unfinished ?? to) : undefined
    this.#tail?.close()
    this.#tail = new LogTail(this.#source, { generation, offset: size }, this.#timing, {
      onBytes: (bytes, offset) => this.#take(bytes, offset),
      onAway: (away, lateBefore) => {
        this.#splitter?.isLateBefore(lateBefore)
        this.#set({ away })
      },
      onBehind: () => void this.#skip(),
      onGone: () => void this.#begunAfresh(),
      onFailed: (error) => this.#set({ phase: 'failed', error }),
    })
    const begunAfresh = this.#state.begunAfresh === 'shown' ? 'told' : this.#state.begunAfresh
    this.#set({ phase: 'open', generation, away: false, error: null, begunAfresh })
  }

  #take(bytes: Uint8Array, offset: number): void {
    const { lines: most } = this.#window.limits
    this.#window.know(offset + bytes.length)
    const { following } = this.#state
    let skipped = 0
    let skippedBytes = 0
    let count = following ? 0 : countLines(bytes)
    if (this.#splitter && !following && this.#window.lines.length + count >= most) this.#splitter = undefined
    if (this.#splitter) {
      const { to } = this.#window
      const { dropped, lines, rest } = this.#splitter.push(bytes, most, this.#timing.now())
      const all = rest ? [...lines, rest] : lines
      skipped = dropped
      if (dropped > 0) {
        skippedBytes = (all[0]?.offset ?? to) - to
        this.#window.replace(all)
      } else this.#window.append(all)
    }
    this.#set({
      ...(!following && { fresh: more(this.#state.fresh, offset, count, bytes.length) }),
      ...(skipped > 0 && { skipped: more(this.#state.skipped, offset, skipped, skippedBytes) }),
    })
  }

  /** Goes to the end, since what is between cannot be shown in time. */
  async #skip(): Promise<void> {
    const { following, fresh, skipped } = this.#state
    const { size } = this.#window
    if (following) {
      await this.#moveToEnd()
      this.#set({ skipped: more(skipped, size, null, Math.max(0, this.#window.from - size)) })
      return
    }
    await this.#try(async (signal) => {
      const now = await this.#source.line('end', signal)
      this.#window.know(now.size)
      this.#set({ fresh: more(fresh, size, null, now.size - size) })
      this.#begin()
    })
  }

  async #begunAfresh(): Promise<void> {
    // A log that was only just made is nothing to be told of.
    const wasEmpty = this.#window.size === 0
    this.#splitter = undefined
    if (!wasEmpty) this.#set({ begunAfresh: 'shown', fresh: null, skipped: null })
    if (this.#state.following || wasEmpty) await this.#moveToEnd()
  }

  /** True: it went well. */
  async #try(read: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const { signal } = this.#stop
    try {
      await read(signal)
      if (signal.aborted) return false
      this.#set({ away: false })
      return true
    } catch (error) {
      if (signal.aborted) return false
      if (!(error instanceof KeelanError)) this.#set({ away: true })
      else if (error.code === 'LOG_POSITION_GONE') this.#set({ error: goneError })
      else if (errorTable[error.code].status >= 500) this.#set({ away: true })
      else this.#set({ error, ...(this.#state.phase === 'opening' && { phase: 'failed' }) })
      return false
    }
  }

  #set(change: Partial<LogState>): void {
    if (this.#stop.signal.aborted) return
    const { lines, size } = this.#window
    const now = { lines, size, atEnd: this.#splitter !== undefined, ...change }
    const before: Partial<Record<string, unknown>> = { ...this.#state }
    if (Object.entries(now).every(([key, value]) => before[key] === value)) return
    this.#state = { ...this.#state, ...now }
    for (const listener of this.#listeners) listener()
  }
}

const goneError = new KeelanError('LOG_POSITION_GONE', 'that part of the log is not there any more')

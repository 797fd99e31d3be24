import { isComplete, keptBytes, lineOf, type LogLine, type Position } from './log-line.ts'
import type { LogSource, Page, PageLimits } from './log-source.ts'

export interface WindowLimits {
  /** The most lines that are kept. */
  readonly lines: number
  /** The most that is read at once. */
  readonly page: PageLimits
}

export const usualLimits: WindowLimits = { lines: 5_000, page: { lines: 500, bytes: 262_144 } }

/**
 * A few lines of a log of any size, one after the other without a gap. It grows where somebody looks and lets go of what
 * is far from there. What is read for a place that was left meanwhile is thrown away.
 */
export class LogWindow {
  readonly limits: WindowLimits
  readonly #source: LogSource
  /** Another array after each change. */
  lines: readonly LogLine[] = []
  generation = 0
  /** Of the log in bytes, as far as is known. */
  size = 0
  #emptyAt = 0
  #moves = 0

  constructor(source: LogSource, limits: WindowLimits = usualLimits) {
    this.#source = source
    this.limits = limits
  }

  /** Where the first line begins. */
  get from(): number {
    return this.lines[0]?.offset ?? this.#emptyAt
  }

  /** Where the last line ends. */
  get to(): number {
    return this.lines.at(-1)?.end ?? this.#emptyAt
  }

  /** A line at the end that may still grow. */
  get unfinished(): LogLine | undefined {
    const last = this.lines.at(-1)
    return last && !isComplete(last) ? last : undefined
  }

  /** The log is at least so many bytes long. */
  know(size: number): void {
    this.size = Math.max(this.size, size)
  }

  /** Shows the last lines. False: the place was left for another meanwhile. */
  async moveToEnd(signal: AbortSignal): Promise<boolean> {
    const move = ++this.#moves
    const page = await this.#source.page('end', this.limits.page, signal)
    const lines = await this.#whole(page, signal)
    return move === this.#moves && this.#show(page, lines)
  }

  /** Shows the line that a byte is in, with lines before and after it. Fails with LOG_POSITION_GONE if the log was begun afresh. */
  async moveTo({ generation, offset }: Position, signal: AbortSignal): Promise<boolean> {
    const move = ++this.#moves
    const at = (place: number): Position => ({ generation, offset: place })
    const { size } = await this.#source.line('end', signal)
    const { from: start } = await this.#source.line({ to: at(Math.min(offset + 1, size)) }, signal)
    const [before, after] = await Promise.all([
      this.#source.page({ to: at(start) }, this.limits.page, signal),
      this.#source.page({ from: at(start) }, this.limits.page, signal),
    ])
    const lines = [...(await this.#whole(before, signal)), ...(await this.#whole(after, signal))]
    return move === this.#moves && this.#show(after, lines)
  }

  /** Shows no other place than this one, whatever is on its way. */
  stay(): void {
    this.#moves++
  }

  /** Reads lines before the first one. False: there is none, or the place was left. */
  async growUp(signal: AbortSignal): Promise<boolean> {
    const { generation, from } = this
    const move = this.#moves
    if (from === 0) return false
    const page = await this.#source.page({ to: { generation, offset: from } }, this.limits.page, signal)
    const before = await this.#whole(page, signal)
    if (move !== this.#moves || this.from !== from || before.length === 0) return false
    this.know(page.size)
    this.lines = [...before, ...this.lines].slice(0, this.limits.lines)
    return true
  }

  /** Reads lines after the last one. False: there is none yet, or the place was left. */
  async growDown(signal: AbortSignal): Promise<boolean> {
    const { generation, to, unfinished } = this
    const move = this.#moves
    const from = unfinished ? unfinished.offset : to
    const page = await this.#source.page({ from: { generation, offset: from } }, this.limits.page, signal)
    const after = await this.#whole(page, signal)
    if (move !== this.#moves || this.to !== to) return false
    this.know(page.size)
    if ((after.at(-1)?.end ?? to) === to) return false
    this.lines = [...this.#finished(), ...after].slice(-this.limits.lines)
    return true
  }

  /** Puts lines behind the last one, and lets go of as many at the start as are too many. They must begin where the last one ends, or take its place if it was not finished. */
  append(lines: readonly LogLine[]): void {
    const last = lines.at(-1)
    if (!last) return
    this.know(last.end)
    this.lines = [...this.#finished(), ...lines].slice(-this.limits.lines)
  }

  /** Shows other lines than those before, with a gap between. */
  replace(lines: readonly LogLine[]): void {
    this.#moves++
    this.lines = []
    this.append(lines)
  }

  #finished(): readonly LogLine[] {
    return this.unfinished ? this.lines.slice(0, -1) : this.lines
  }

  #show({ generation, size, to }: Page, lines: readonly LogLine[]): true {
    this.generation = generation
    this.size = size
    this.#emptyAt = to
    this.lines = lines
    return true
  }

  /** The lines of a page. If it holds a part of one that is longer than a page: all of that line, which is looked for. */
  async #whole(page: Page, signal: AbortSignal): Promise<readonly LogLine[]> {
    const [only] = page.lines
    if (!only || page.lines.length > 1 || page.to - page.from < this.limits.page.bytes) return page.lines
    const at = (offset: number): Position => ({ generation: page.generation, offset })
    const { from } = await this.#source.line({ to: at(page.to) }, signal)
    const { to } = await this.#source.line({ from: at(from) }, signal)
    const [start, last] = await Promise.all([
      this.#source.page(
        { from: at(from), to: at(Math.min(to, from + keptBytes)) },
        { lines: 1, bytes: keptBytes },
        signal,
      ),
      this.#source.bytes(at(to - 1), to, signal),
    ])
    const beginning = start.lines[0] ?? only
    const length = to - from - (last[0] === 10 ? 1 : 0)
    const bytes = beginning.bytes ?? new TextEncoder().encode(beginning.text)
    const { time, exact } = beginning
    return [lineOf(bytes, { offset: from, end: to, length }, { time, exact })]
  }
}

export interface LogLine {
  /** Grows by one for each line, so that a line which is shown already is not drawn again. */
  readonly id: number
  /** `2026-11-22T06:38:23.149Z`; null: the line is none that the helper wrote as a whole. */
  readonly time: string | null
  readonly level: string
  readonly text: string
}

const format = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (\w+) (.*)$/

/** The newest lines of a log that grows, at most `limit` of them. */
export class LogLines {
  readonly #limit: number
  #lines: readonly LogLine[] = []
  #rest = ''
  #next = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get lines(): readonly LogLine[] {
    return this.#lines
  }

  /** Takes what was read next, which may end in the middle of a line. */
  take(text: string): void {
    const parts = (this.#rest + text).split('\n')
    this.#rest = parts.pop() ?? ''
    const added = parts.slice(-this.#limit).map((part) => this.#line(part))
    this.#lines = [...this.#lines, ...added].slice(-this.#limit)
  }

  #line(part: string): LogLine {
    const [, time = null, level = '', text = part] = format.exec(part) ?? []
    return { id: this.#next++, time, level, text }
  }
}

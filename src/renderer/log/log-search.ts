import { errorTable, KeelanError } from '../../../helper/api/errors.ts'
import type { SearchLine } from '../../../helper/api/ship.ts'
import { firstAtOrAfter } from './ascending.ts'
import { parsePosition, type Position } from './log-line.ts'

export interface SearchQuery {
  readonly text: string
  readonly regex: boolean
  readonly case: boolean
}

/** Where lines are that match, as far as the search is. */
export interface SearchState {
  readonly query: SearchQuery | null
  /** `waiting`: the helper does not answer, or the log was begun afresh; it is to be searched again. */
  readonly phase: 'idle' | 'searching' | 'done' | 'waiting' | 'failed'
  readonly generation: number
  /** Of the first byte of each line, ascending. The same array grows: `known` of them count. */
  readonly offsets: readonly number[]
  readonly known: number
  /** Also those whose place is not known, since there are too many. */
  readonly count: number
  readonly searchedBytes: number
  readonly totalBytes: number
  /** Why it failed. */
  readonly message: string | null
}

/** Searches the log from a position on, or all of it, and gives the reply in batches. */
export type Search = (
  query: SearchQuery & { readonly from?: Position; readonly limit: number },
  signal: AbortSignal,
) => AsyncIterable<readonly SearchLine[]>

const atFirst: SearchState = {
  query: null,
  phase: 'idle',
  generation: 0,
  offsets: [],
  known: 0,
  count: 0,
  searchedBytes: 0,
  totalBytes: 0,
  message: null,
}

/** The places of more matches than these are not kept; they are looked for when they are gone to. */
const mostKnown = 200_000
const firstSpan = 1_048_576

/** A search over the whole log, that goes on with what is written later. */
export class LogSearch {
  readonly #search: Search
  readonly #listeners = new Set<() => void>()
  #state = atFirst
  #offsets: number[] = []
  #end: Position | null = null
  #running = new AbortController()

  constructor(search: Search) {
    this.#search = search
  }

  readonly state = (): SearchState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Searches for something else; for an empty text: for nothing. */
  async start(query: SearchQuery): Promise<void> {
    this.stop()
    if (query.text === '') return
    this.#set({ query, phase: 'searching' })
    await this.#run()
  }

  /** Searches for the same from the start. */
  async restart(): Promise<void> {
    const { query } = this.#state
    if (query) await this.start(query)
  }

  /** Where the search ended, in bytes: what was written later is not looked through yet. */
  get searchedTo(): number {
    return this.#end?.offset ?? Infinity
  }

  stop(): void {
    this.#running.abort()
    this.#running = new AbortController()
    this.#offsets = []
    this.#end = null
    this.#set(atFirst)
  }

  /** Looks through what was written since the search ended. */
  async goOn(): Promise<void> {
    if (this.#state.phase === 'done') await this.#run()
  }

  /** The nearest line that matches after or before an offset; null: there is none, or it is not known yet. */
  async nearest(offset: number, direction: 'next' | 'previous'): Promise<number | null> {
    const { offsets, known, count } = this.#state
    const at = firstAtOrAfter(offsets, direction === 'next' ? offset + 1 : offset, known)
    if (known === count || at < known) return (direction === 'next' ? offsets[at] : offsets[at - 1]) ?? null
    return direction === 'next' ? await this.#findAfter(offset) : await this.#findBefore(offset)
  }

  async #run(): Promise<void> {
    const { signal } = this.#running
    const { query } = this.#state
    const before = this.#state.count
    const limit = Math.max(0, mostKnown - this.#offsets.length)
    let found = 0
    try {
      for await (const lines of this.#search({ ...query!, limit, ...(this.#end && { from: this.#end }) }, signal)) {
        if (signal.aborted) return
        for (const line of lines) {
          if (line.type === 'done') {
            this.#end = parsePosition(line.end)
            found = line.count
            this.#set({ phase: 'done', generation: this.#end?.generation ?? 0 })
          } else if (line.type === 'progress') this.#set({ ...line })
          else {
            this.#set({ generation: line.generation })
            for (const offset of line.offsets) this.#offsets.push(offset)
            found += line.offsets.length
          }
        }
        this.#set({ offsets: this.#offsets, known: this.#offsets.length, count: before + found })
      }
    } catch (error) {
      if (signal.aborted) return
      const isWrong = error instanceof KeelanError && errorTable[error.code].status === 400
      this.#set(isWrong ? { phase: 'failed', message: error.message } : { phase: 'waiting' })
    }
  }

  async #findAfter(offset: number): Promise<number | null> {
    for await (const found of this.#from(offset + 1)) return found
    return null
  }

  /** Steps back in growing spans, down to what is known. */
  async #findBefore(offset: number): Promise<number | null> {
    const lowest = (this.#offsets.at(-1) ?? -1) + 1
    for (let span = firstSpan, to = offset; to > lowest; span *= 4) {
      const from = Math.max(lowest, offset - span)
      let last: number | null = null
      for await (const found of this.#from(from)) {
        if (found >= to) break
        last = found
      }
      if (last !== null) return last
      to = from
    }
    return this.#offsets.at(-1) ?? null
  }

  /** Lines that match from an offset on; a line that begins before it is none of them. */
  async *#from(offset: number): AsyncGenerator<number, void, undefined> {
    const { query, generation } = this.#state
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, this.#running.signal])
    try {
      const from = { generation, offset }
      for await (const lines of this.#search({ ...query!, limit: mostKnown, from }, signal))
        for (const line of lines) if (line.type === 'matches') yield* line.offsets
    } finally {
      stop.abort()
    }
  }

  #set(change: Partial<SearchState>): void {
    const { query, phase, generation, offsets, known, count, searchedBytes, totalBytes, message } = {
      ...this.#state,
      ...change,
    }
    this.#state = { query, phase, generation, offsets, known, count, searchedBytes, totalBytes, message }
    for (const listener of this.#listeners) listener()
  }
}

import { KeelanError } from '../../helper/api/errors.ts'
import type { HelperInfo } from '../../helper/api/helper.ts'
import type { HelperState } from '../preload/desktop.ts'
import { compareVersions } from './versions.ts'

/** What the keeper does to the helper, and learns of it. */
export interface KeeperEffects {
  /** The helper that answers; null: none does. */
  find(): Promise<HelperInfo | null>
  /** Starts one with the options of the last one there was, and resolves once it answers. Throws why it could not. */
  start(last: HelperInfo | null): Promise<void>
  stop(): Promise<void>
  /** Ends the one there is and starts the app's own; ships run on. */
  restart(): Promise<void>
  /** How the one that went away ended, once that is known; `there` if it answers again, or `signal` aborts. */
  ending(last: HelperInfo | null, signal: AbortSignal): Promise<'stopped' | 'died' | 'there'>
  /** Resolves after so many ms, or when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** ms on a clock that never goes back. */
  now(): number
}

/** Delays before each start in a row, in ms. */
const delays = [0, 500, 1_000, 2_000, 4_000]
/** Starts that failed or did not last count for so long, in ms. */
const windowMs = 60_000

/** Keeps a helper running as long as that is wanted, and knows how things stand. One thing is done at a time, in order. */
export class HelperKeeper {
  readonly #version: string
  readonly #effects: KeeperEffects
  readonly #onState: (state: HelperState) => void
  readonly #onGaveUp: (message: string) => void
  #state: HelperState = { state: 'starting' }
  #last: HelperInfo | null = null
  /** When each start of the last minute was. */
  #starts: number[] = []
  /** An older helper is replaced once: two installations must not do that to each other in turn. */
  #replaced = false
  /** We ended a helper and have not got another one yet: that it was stopped on purpose means nothing. */
  #owed = false
  #current = new AbortController()
  #queue: Promise<void> = Promise.resolve()

  /** `version` is the app's; `onGaveUp` hears that the helper is no longer started by itself, and why. */
  constructor(
    version: string,
    effects: KeeperEffects,
    onState: (state: HelperState) => void,
    onGaveUp: (message: string) => void,
  ) {
    this.#version = version
    this.#effects = effects
    this.#onState = onState
    this.#onGaveUp = onGaveUp
  }

  get state(): HelperState {
    return this.#state
  }

  /** The helper as it was when it was last looked at. */
  get info(): HelperInfo | null {
    return this.#last
  }

  /** At the start of the app: finds the helper, else starts it. How that went is the state. */
  async begin(): Promise<void> {
    await this.#next(async (signal) => {
      if (!(await this.#look())) await this.#startUntilItLasts(signal)
    })
  }

  /** The person asks for it: starts the helper if none is there. Throws why it could not. */
  async start(): Promise<void> {
    this.#starts = []
    await this.#next(async () => {
      if (await this.#look()) return
      this.#become({ state: 'starting' })
      try {
        await this.#effects.start(this.#last)
        await this.#look()
      } catch (error) {
        this.#become({ state: 'gave-up', message: messageOf(error) })
        throw error
      }
    })
  }

  /** Ends the helper, which stays so until it is started again. Throws why it could not. */
  async stop(): Promise<void> {
    await this.#next(async () => {
      await this.#effects.stop()
      this.#owed = false
      this.#become({ state: 'stopped' })
    })
  }

  /** Ends the helper and starts it; ships run on. Throws why it could not. */
  async restart(): Promise<void> {
    this.#starts = []
    await this.#next(async () => {
      try {
        await this.#replace()
        await this.#look()
      } catch (error) {
        if (!(await this.#look())) this.#become({ state: 'gave-up', message: messageOf(error) })
        throw error
      }
    })
  }

  /** The helper answers: ours, or one that somebody else started. */
  connected(): void {
    void this.#next(async () => {
      await this.#look()
    })
  }

  /** The helper no longer answers. Resolves once it is known how things stand. */
  async lost(): Promise<void> {
    await this.#next(async (signal) => {
      if (await this.#look()) return
      if (this.#state.state === 'gave-up') return
      if (this.#state.state === 'running') this.#become({ state: 'away' })
      const ending = this.#owed ? 'died' : await this.#effects.ending(this.#last, signal)
      if (signal.aborted) return
      if (ending === 'stopped') this.#become({ state: 'stopped' })
      else if (ending === 'there') await this.#look()
      else await this.#startUntilItLasts(signal)
    })
  }

  /** What is asked for now ends the waiting of what was asked for before, and comes after it. */
  #next(job: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#current.abort()
    this.#current = new AbortController()
    const { signal } = this.#current
    const result = this.#queue.then(() => job(signal))
    this.#queue = result.catch(() => {})
    return result
  }

  /** Takes the helper that answers for ours, replacing one that is older; false: none answers. */
  async #look(): Promise<boolean> {
    let info = await this.#effects.find()
    if (info && compareVersions(info.version, this.#version) < 0 && !this.#replaced) {
      this.#replaced = true
      await this.#replace().catch(() => {})
      info = await this.#effects.find()
    }
    if (!info) return false
    this.#owed = false
    this.#last = info
    const { version } = info
    this.#become({ state: 'running', version, newer: compareVersions(version, this.#version) > 0 })
    return true
  }

  async #replace(): Promise<void> {
    this.#owed = true
    this.#become({ state: 'starting' })
    await this.#effects.restart()
  }

  async #startUntilItLasts(signal: AbortSignal): Promise<void> {
    let fault = `the helper ended ${delays.length} times within a minute${this.#last ? `; its log is ${this.#last.logFile}` : ''}`
    for (;;) {
      this.#starts = this.#starts.filter((at) => at > this.#effects.now() - windowMs)
      const delayMs = delays[this.#starts.length]
      if (delayMs === undefined) return this.#giveUp(fault)
      if (delayMs > 0) {
        this.#become({ state: 'away' })
        await this.#effects.sleep(delayMs, signal)
        if (signal.aborted) return
      }
      this.#starts.push(this.#effects.now())
      this.#become({ state: 'starting' })
      try {
        await this.#effects.start(this.#last)
        if (await this.#look()) return
      } catch (error) {
        fault = messageOf(error)
        if (error instanceof KeelanError && error.code === 'HELPER_NOT_ANSWERING') return this.#giveUp(fault)
      }
    }
  }

  /** Until the person starts it, or it answers after all. */
  #giveUp(fault: string): void {
    this.#become({ state: 'gave-up', message: fault })
    this.#onGaveUp(fault)
  }

  #become(state: HelperState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return
    this.#state = state
    this.#onState(state)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

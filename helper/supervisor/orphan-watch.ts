import { KeelanError } from '../api/errors.ts'
import type { EndReason } from '../api/ship.ts'
import type { RunEnd, ShipRecord, ShipState } from '../api/records.ts'
import { duration } from '../duration.ts'
import type { Harbour } from './harbour.ts'
import type { Happening } from './incidents.ts'
import type { Ledger, NextEntry } from './ledger.ts'
import { endProcesses, processesOf } from './orphans.ts'
import { isAlive } from './process-identity.ts'
import { afterEnd, type NextStep, noRestarts, type RestartCount, restartDelays } from './restart-policy.ts'
import { bootNowMs } from './ship-view.ts'

/** How often a ship without a shim is looked at, in ms. */
const lookMs = 250

/** Takes the place of a shim that was killed: watches the ship by pid and start time until it ends, and decides what follows. */
export class OrphanWatch {
  readonly #harbour: Harbour
  readonly #ledger: Ledger
  readonly #startIn: (delayMs: number) => void
  #count: RestartCount = noRestarts
  #timer: NodeJS.Timeout | null = null
  #ending: Promise<void> | null = null

  /** `startIn` is called when an orphan has ended by itself and is to be started again. */
  constructor(harbour: Harbour, ledger: Ledger, startIn: (delayMs: number) => void) {
    this.#harbour = harbour
    this.#ledger = ledger
    this.#startIn = startIn
  }

  /** The shim is gone without a last word: notes that, and watches what it left. */
  async begin(): Promise<void> {
    const { shim, run, ship } = this.#ledger
    if (shim && !shim.ended) {
      const left = processesOf(shim.id, run?.process ?? null).length
      const words =
        run?.process && isAlive(run.process)
          ? `the ship lives on (pid ${run.process.pid}); its exit code will not be known`
          : left > 0
            ? `${left} of its processes are left`
            : 'nothing of it is left'
      this.#harbour.log('warn', `${ship.definition.name}: its shim was killed; ${words}`)
      await this.#ledger.change(() => ({
        ship: this.#ledger.ship,
        shim: { ...shim, ended: true },
        events: [this.#ledger.event('ship.shim-lost', `has lost its shim; ${words}`)],
      }))
    }
    this.#timer ??= setInterval(() => this.#look(), lookMs).unref()
    this.#look()
  }

  /** Whether the end of an orphan is being dealt with: until that is done, nothing else may begin. */
  get isEnding(): boolean {
    return this.#ending !== null
  }

  /** Waits until that is done. */
  async settled(): Promise<void> {
    await this.#ending
  }

  /** Stops what is left, as a person asked for; returns once nothing is. Throws KeelanError STOP_INCOMPLETE. */
  async end(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    this.#stopLooking()
    await this.#ending
    if (!this.#ledger.run) return
    const left = await this.#endProcesses(signal, graceMs)
    if (left.length > 0) {
      this.#timer ??= setInterval(() => this.#look(), lookMs).unref()
      const { name } = this.#ledger.ship.definition
      throw new KeelanError('STOP_INCOMPLETE', `${name} could not be stopped; still there: ${left.join(', ')}`, {
        pids: left,
      })
    }
    await this.#ledger.change(() => this.#ended('asked', 'was stopped', { status: 'stopped', reason: null }))
  }

  async machineRestarted(): Promise<void> {
    this.#stopLooking()
    await this.#ledger.change(() => {
      const { status } = this.#ledger.ship.state
      const ended = status === 'stopped' || status === 'failed'
      const state: ShipState = ended
        ? this.#ledger.ship.state
        : { status: 'stopped', reason: 'the machine was restarted' }
      return this.#ended('machine-restarted', 'ended when the machine was restarted', state, Date.now() - bootNowMs())
    })
  }

  /** A start that a person asked for: what happened before counts no more. */
  forgetRestarts(): void {
    this.#count = noRestarts
  }

  close(): void {
    this.#stopLooking()
  }

  #look(): void {
    const main = this.#ledger.run?.process
    if (this.#ending || (main && isAlive(main))) return
    this.#stopLooking()
    this.#ending = this.#hasEnded()
      .catch((error: unknown) => {
        this.#harbour.log('error', `${this.#ledger.ship.definition.name}: ${String(error)}`)
        this.#timer ??= setInterval(() => this.#look(), lookMs).unref()
      })
      .finally(() => (this.#ending = null))
  }

  /** It ended by itself, and nobody saw how: for the restart policy a failure. */
  async #hasEnded(): Promise<void> {
    const { ship, run } = this.#ledger
    const left = await this.#endProcesses(ship.definition.stopSignal, ship.definition.stopTimeoutMs)
    // A second copy beside what cannot be ended would be worse than none.
    if (left.length > 0) throw new Error(`cannot be ended: ${left.join(', ')}`)
    if (!run && ship.state.status !== 'starting') return this.#goOn(ship.state)
    const { restart, backoff, maxRestarts, windowMs } = ship.definition
    const rules = { restart, maxRestarts, windowMs, resetAfterMs: backoff.resetAfterMs }
    const atMs = bootNowMs()
    const ranMs = run ? atMs - run.startedBootMs : 0
    const delays = restartDelays(backoff, this.#harbour.random)
    const next = afterEnd({ ...rules, delays }, this.#count, { atMs, ranMs, exitCode: null })
    if (next.step === 'restart') this.#count = next.count
    const message = 'ended, and nobody could see how'
    await this.#ledger.change(() => this.#ended('unknown', message, stateAfter(this.#ledger.ship, next, message)))
    if (this.#ledger.ship.wish === 'up' && next.step === 'restart') this.#startIn(next.delayMs)
  }

  /** No run was open: what was known before its shim died still holds. */
  async #goOn(state: ShipState): Promise<void> {
    if (state.status === 'backoff') this.#startIn(Math.max(0, state.nextStartAtMs - Date.now()))
    else if (state.status === 'stopping')
      await this.#ledger.change(() => this.#ended('asked', 'was stopped', { status: 'stopped', reason: null }))
  }

  #ended(reason: EndReason, words: string, state: ShipState, endedAtMs = Date.now()): NextEntry {
    const { ship, shim, run } = this.#ledger
    const durationMs = run && reason !== 'machine-restarted' ? Math.max(0, bootNowMs() - run.startedBootMs) : null
    const message = durationMs === null ? words : `${words} after ${duration(durationMs)}`
    const end: RunEnd = {
      endedAtMs,
      durationMs,
      exitCode: null,
      signal: null,
      coreDumped: false,
      reason,
      message,
      helperAway: run !== null && run.startedAtMs < this.#harbour.helperStartedMs && reason !== 'asked',
      cpuUserMs: null,
      cpuSystemMs: null,
      peakMemoryBytes: null,
    }
    const lastEnd = run ? { stoppedAtMs: endedAtMs, exitCode: null, signal: null } : ship.lastEnd
    const next: ShipRecord = { ...ship, state, lastEnd }
    const endedShim = shim && { ...shim, ended: true }
    const isFailure = reason === 'unknown' && ship.wish === 'up' && ship.state.status !== 'stopping'
    const ranMs = run ? (durationMs ?? 0) : null
    const failure: Happening = { kind: 'failed', atMs: endedAtMs, ranMs, reason: message, run }
    const gaveUp: Happening[] =
      state.status === 'failed' ? [{ kind: 'gave-up', atMs: endedAtMs, reason: state.reason }] : []
    const type = state.status === 'stopped' ? 'ship.stopped' : state.status === 'failed' ? 'ship.failed' : 'ship.exited'
    return {
      ship: next,
      ...(endedShim && { shim: endedShim }),
      runs: run ? [{ ...run, end }] : [],
      run: null,
      events: [this.#ledger.event(type, message, next, endedShim)],
      happenings: isFailure ? [failure, ...gaveUp] : [],
    }
  }

  /** Returns the pids of what could not be ended. */
  async #endProcesses(signal: NodeJS.Signals, graceMs: number): Promise<number[]> {
    const { ship, run } = this.#ledger
    const shimId = run?.shimId ?? ship.shimId
    if (shimId === null) return []
    return (await endProcesses(shimId, run?.process ?? null, signal, graceMs)).map(({ pid }) => pid)
  }

  #stopLooking(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
  }
}

function stateAfter(ship: ShipRecord, next: NextStep, message: string): ShipState {
  if (ship.wish === 'down') return { status: 'stopped', reason: null }
  switch (next.step) {
    case 'restart':
      return { status: 'backoff', nextStartAtMs: Date.now() + next.delayMs, reason: message }
    case 'gave-up':
      return {
        status: 'failed',
        reason: `gave up: ended ${next.ends} times within ${duration(ship.definition.windowMs)}`,
      }
    case 'done':
      return { status: 'failed', reason: `${message}, and restart is "no"` }
  }
}

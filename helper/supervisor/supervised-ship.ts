import type { Environment, ShipDefinition } from '../api/definition.ts'
import { KeelanError } from '../api/errors.ts'
import type { KeelanEvent } from '../api/events.ts'
import type { RunRecord, ShimRecord, ShipRecord, ShipState } from '../api/records.ts'
import type { Ship } from '../api/ship.ts'
import type { Harbour } from './harbour.ts'
import { Ledger, type NextEntry } from './ledger.ts'
import { Queue } from './queue.ts'
import { deleteRunFolders } from './run-folder.ts'
import { ShipRunner } from './ship-runner.ts'
import { shipView } from './ship-view.ts'
import { type LogFiles, logFilesOf } from './spec.ts'
import { duration } from './words.ts'

/** How long a start that is under way already is waited for before it is begun afresh, in ms. */
const beginMs = 10_000

/** One ship: what a person asks of it, one thing at a time, each until its effect is there. */
export class SupervisedShip {
  readonly #harbour: Harbour
  readonly #commands = new Queue()
  readonly #ledger: Ledger
  readonly #runner: ShipRunner
  /** A start that is due without anybody asking. */
  #timer: NodeJS.Timeout | null = null
  #closed = false
  #isRemoved = false

  /** `shim`: its newest if it has not ended; `run`: its open one. Nothing happens before `adopt` or a command. */
  constructor(harbour: Harbour, ship: ShipRecord, shim: ShimRecord | null, run: RunRecord | null) {
    this.#harbour = harbour
    this.#ledger = new Ledger(harbour, ship, shim, run)
    this.#runner = new ShipRunner(harbour, this.#ledger, (delayMs) => this.#startIn(delayMs))
  }

  get name(): string {
    return this.record.definition.name
  }

  get record(): ShipRecord {
    return this.#ledger.ship
  }

  /** Whether anything of it lives, so that its log may grow. */
  get isAfloat(): boolean {
    return this.#runner.isAfloat
  }

  /** Whether it lives, or is about to without anybody asking. */
  get isWanted(): boolean {
    return this.isAfloat || this.#timer !== null
  }

  view(): Ship {
    return shipView(this.record, this.#ledger.shim)
  }

  logFiles(): LogFiles {
    return logFilesOf(this.#harbour.shipLogs, this.record.definition)
  }

  /** Starts it unless it runs, and returns once it does. Throws KeelanError FAILED_TO_START with the reason. */
  start(): Promise<Ship> {
    return this.#command(async () => {
      this.#cancelTimer()
      if (this.isAfloat) {
        await this.#ledger.until(() => this.record.state.status !== 'starting', beginMs)
        if (this.record.state.status === 'running') return this.view()
        // It waits in back-off, or has just ended: a new shim starts it at once, with its delays afresh.
        await this.#runner.bringDown()
      }
      await this.#runner.launch({ asked: true })
      return this.view()
    })
  }

  /** Stops it, and returns once nothing of it is left. Throws KeelanError STOP_INCOMPLETE. */
  stop(graceMs?: number): Promise<Ship> {
    return this.#command(async () => {
      await this.#stop('down', 'is being stopped', graceMs)
      return this.view()
    })
  }

  /** Stops it if it runs, starts it, and returns once it runs. Throws like `stop` and `start`. */
  restart(graceMs?: number): Promise<Ship> {
    return this.#command(async () => {
      this.#runner.checkStart()
      if (this.isAfloat) await this.#stop('up', 'is being restarted', graceMs)
      this.#cancelTimer()
      await this.#runner.launch({ asked: true })
      return this.view()
    })
  }

  /**
   * Gives it another definition, which applies at its next start; it need not wait for a command that is under way. False if
   * it was removed meanwhile.
   */
  redefine(definition: ShipDefinition, shellEnvironment: Environment): Promise<boolean> {
    return this.#unlessRemoved(() => {
      const ship = { ...this.record, definition, shellEnvironment, revision: this.record.revision + 1 }
      return { ship, events: [this.#ledger.event('ship.updated', 'was changed', ship)] }
    })
  }

  /** Takes the environment of a shell that applied the same definition once more: for its next start, and no news. */
  refreshEnvironment(shellEnvironment: Environment): Promise<boolean> {
    return this.#unlessRemoved(() => ({ ship: { ...this.record, shellEnvironment }, events: [] }))
  }

  /**
   * Stops it and forgets it; `forgotten` is called right before that is told. The folders go first: what lies there would
   * bring the ship back.
   */
  remove(forgotten: () => void): Promise<void> {
    return this.#command(async () => {
      await this.#stop('down', 'is being removed')
      deleteRunFolders(this.#harbour.shipRuns, this.name)
      await this.#ledger.change(() => ({
        removeShip: this.name,
        events: [{ ...this.#ledger.event('ship.removed', 'was removed'), ship: null }],
        entered: () => {
          this.#isRemoved = true
          this.close()
          forgotten()
        },
      }))
    })
  }

  /** Takes it up after a restart of the helper; returns once all that happened meanwhile is known. */
  adopt(): Promise<void> {
    return this.#runner.adopt()
  }

  /** What it is owed after `adopt`: a start, a stop or a restart that was under way when the helper ended. */
  async resume(): Promise<void> {
    const { wish, state } = this.record
    const { folder } = this.#runner
    if (folder) {
      if (wish === 'down') await this.stop()
      else if (state.status === 'stopping') await this.restart()
      else await this.#runner.spawnIfMissing()
      return
    }
    if (wish !== 'up' || this.isWanted) return
    const wasStarting = state.status === 'starting' || state.status === 'stopping'
    const wasRestarting = state.status === 'stopped' && state.reason === null
    if (wasStarting || wasRestarting) await this.start()
    else if (state.status === 'backoff') this.#startIn(Math.max(0, state.nextStartAtMs - Date.now()))
  }

  /** The safety net: whether what should live does. */
  sweep(): Promise<void> {
    return this.#runner.sweep()
  }

  /** The machine was restarted: whatever ran has ended. */
  machineRestarted(): Promise<void> {
    return this.#runner.machineRestarted()
  }

  /** Lets go of it without touching it: the helper ends. */
  close(): void {
    this.#closed = true
    this.#cancelTimer()
    this.#runner.close()
  }

  /** One after another; what was asked of a ship that is removed meanwhile meets none. */
  #command<T>(work: () => Promise<T>): Promise<T> {
    return this.#commands.run(() => {
      if (this.#isRemoved) throw new KeelanError('SHIP_NOT_FOUND', `${this.name} was removed meanwhile`)
      return work()
    })
  }

  async #unlessRemoved(make: () => NextEntry): Promise<boolean> {
    await this.#ledger.change(() => (this.#isRemoved ? null : make()))
    return !this.#isRemoved
  }

  async #stop(wish: ShipRecord['wish'], words: string, graceMs?: number): Promise<void> {
    this.#cancelTimer()
    if (this.isAfloat) {
      await this.#become('ship.stopping', words, { wish, state: stopping(this.record.state) })
      await this.#runner.bringDown(graceMs)
    } else if (this.record.wish !== wish || this.record.state.status !== 'stopped')
      await this.#become('ship.stopped', 'is stopped', { wish, state: { status: 'stopped', reason: null } })
  }

  #startIn(delayMs: number): void {
    this.#cancelTimer()
    const launch = async (): Promise<void> => {
      if (!this.#closed && !this.isAfloat && this.record.wish === 'up') await this.#runner.launch({ asked: false })
    }
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#commands
        .run(launch)
        .catch((error: unknown) => this.#harbour.log('warn', `${this.name} was not restarted: ${String(error)}`))
    }, delayMs)
    this.#harbour.log('info', `${this.name} starts again in ${duration(delayMs)}`)
  }

  #cancelTimer(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  #become(type: KeelanEvent['type'], words: string, next: Pick<ShipRecord, 'wish' | 'state'>): Promise<void> {
    return this.#ledger.change(() => {
      const ship = { ...this.record, ...next }
      return { ship, events: [this.#ledger.event(type, words, ship)] }
    })
  }
}

function stopping(state: ShipState): ShipState {
  if (state.status === 'running' || state.status === 'stopping') return { ...state, status: 'stopping' }
  return { status: 'stopping', pid: null, startedAtMs: null, startedBootMs: null }
}

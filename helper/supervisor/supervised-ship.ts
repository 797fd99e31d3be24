import type { Environment, ShipDefinition } from '../api/definition.ts'
import { KeelanError } from '../api/errors.ts'
import type { KeelanEvent } from '../api/events.ts'
import type { IncidentOutcome } from '../api/incidents.ts'
import type { ShipRecord, ShipState } from '../api/records.ts'
import type { Ship } from '../api/ship.ts'
import { duration } from '../duration.ts'
import type { Harbour } from './harbour.ts'
import { Ledger, type LedgerState, type NextEntry } from './ledger.ts'
import { Queue } from './queue.ts'
import { RecoveryWatch } from './recovery-watch.ts'
import { deleteRunFolders } from './run-folder.ts'
import { ShipRunner } from './ship-runner.ts'
import { shipView } from './ship-view.ts'
import { type LogFiles, logFilesOf } from './spec.ts'

/** How long a start that is under way already is waited for before it is begun afresh, in ms. */
const beginMs = 10_000

/** One ship: what a person asks of it, one thing at a time, each until its effect is there. */
export class SupervisedShip {
  readonly #harbour: Harbour
  readonly #commands = new Queue()
  readonly #ledger: Ledger
  readonly #runner: ShipRunner
  readonly #recovery: RecoveryWatch
  /** A start that is due without anybody asking. */
  #timer: NodeJS.Timeout | null = null
  #closed = false
  #isRemoved = false

  /** Nothing happens before `adopt` or a command. */
  constructor(harbour: Harbour, state: LedgerState) {
    this.#harbour = harbour
    this.#ledger = new Ledger(harbour, state)
    this.#recovery = new RecoveryWatch(harbour, this.#ledger)
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

  /** Where its processes are found; null when it has none. */
  get roots() {
    const { ship, shim, run } = this.#ledger
    const shimId = run?.shimId ?? shim?.id
    if (shimId === undefined) return null
    const { status } = ship.state
    return {
      name: this.name,
      shimId,
      shim: shim && !shim.ended ? shim.identity : null,
      main: run?.process ?? null,
      isRunning: status === 'running' || status === 'stopping',
    }
  }

  logFiles(): LogFiles {
    return logFilesOf(this.#harbour.shipLogs, this.record.definition)
  }

  /**
   * Starts it unless it runs, and returns once it does. `by`: whether the person asked, or the helper does what is owed to it.
   * Throws KeelanError FAILED_TO_START with the reason.
   */
  start(by: 'person' | 'helper' = 'person'): Promise<Ship> {
    return this.#command(async () => {
      this.#cancelTimer()
      if (this.isAfloat) {
        await this.#ledger.until(() => this.record.state.status !== 'starting', beginMs)
        if (this.record.state.status === 'running') return this.view()
        // It waits in back-off, or has just ended: a new shim starts it at once, with its delays afresh.
        await this.#runner.bringDown()
      }
      await this.#runner.launch({ asked: true, byPerson: by === 'person' })
      return this.view()
    })
  }

  /** Stops it, and returns once nothing of it is left. Throws KeelanError STOP_INCOMPLETE. */
  stop(graceMs?: number): Promise<Ship> {
    return this.#command(async () => {
      await this.#stop('stopped', 'is being stopped', graceMs)
      return this.view()
    })
  }

  /** Stops it if it runs, starts it, and returns once it runs. `by`: see `start`. Throws like `stop` and `start`. */
  restart(graceMs?: number, by: 'person' | 'helper' = 'person'): Promise<Ship> {
    return this.#command(async () => {
      this.#runner.checkStart()
      if (this.isAfloat) await this.#stop('started', 'is being restarted', graceMs)
      this.#cancelTimer()
      await this.#runner.launch({ asked: true, byPerson: by === 'person' })
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
      await this.#stop('removed', 'is being removed')
      deleteRunFolders(this.#harbour.shipRuns, this.name)
      await this.#ledger.change(() => ({
        removeShip: this.name,
        events: [{ ...this.#ledger.event('ship.removed', 'was removed'), ship: null }],
        happenings: [{ kind: 'asked', atMs: Date.now(), outcome: 'removed' }],
        entered: () => {
          this.#isRemoved = true
          this.close()
          forgotten()
        },
      }))
    })
  }

  /** Takes it up after a restart of the helper; returns once all that happened meanwhile is known. */
  async adopt(): Promise<void> {
    await this.#runner.adopt()
    this.#recovery.look()
  }

  /** What it is owed after `adopt`: a start, a stop or a restart that was under way when the helper ended. */
  async resume(): Promise<void> {
    const { wish, state } = this.record
    const { folder } = this.#runner
    if (folder) {
      if (wish === 'down') await this.stop()
      else if (state.status === 'stopping') await this.restart(undefined, 'helper')
      else await this.#runner.spawnIfMissing()
      return
    }
    if (wish !== 'up' || this.isWanted) return
    const wasStarting = state.status === 'starting' || state.status === 'stopping'
    const wasRestarting = state.status === 'stopped' && state.reason === null
    if (wasStarting || wasRestarting) await this.start('helper')
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
    this.#recovery.close()
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

  /** `outcome`: what the person asked for, as an incident that lasts is closed by it. */
  async #stop(outcome: 'stopped' | 'removed' | 'started', words: string, graceMs?: number): Promise<void> {
    this.#cancelTimer()
    const wish = outcome === 'started' ? 'up' : 'down'
    if (this.isAfloat) {
      await this.#become('ship.stopping', words, { wish, state: stopping(this.record.state) }, outcome)
      await this.#runner.bringDown(graceMs)
    } else if (this.record.wish !== wish || this.record.state.status !== 'stopped')
      await this.#become('ship.stopped', 'is stopped', { wish, state: { status: 'stopped', reason: null } }, outcome)
  }

  #startIn(delayMs: number): void {
    this.#cancelTimer()
    const launch = async (): Promise<void> => {
      if (!this.#closed && !this.isAfloat && this.record.wish === 'up')
        await this.#runner.launch({ asked: false, byPerson: false })
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

  #become(
    type: KeelanEvent['type'],
    words: string,
    next: Pick<ShipRecord, 'wish' | 'state'>,
    outcome: IncidentOutcome,
  ): Promise<void> {
    return this.#ledger.change(() => {
      const ship = { ...this.record, ...next }
      const happenings = [{ kind: 'asked', atMs: Date.now(), outcome } as const]
      return { ship, events: [this.#ledger.event(type, words, ship)], happenings }
    })
  }
}

function stopping(state: ShipState): ShipState {
  if (state.status === 'running' || state.status === 'stopping') return { ...state, status: 'stopping' }
  return { status: 'stopping', pid: null, startedAtMs: null, startedBootMs: null }
}

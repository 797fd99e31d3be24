import { KeelanError } from '../api/errors.ts'
import type { ShimRecord, ShipRecord } from '../api/records.ts'
import { shipEnvironment } from './environment.ts'
import type { Harbour } from './harbour.ts'
import type { Happening } from './incidents.ts'
import type { JournalLine } from './journal.ts'
import type { Ledger, NextEntry } from './ledger.ts'
import { OrphanWatch } from './orphan-watch.ts'
import { endProcesses, processesOf } from './orphans.ts'
import { isAlive, signalProcess } from './process-identity.ts'
import { restartDelays } from './restart-policy.ts'
import { deleteRunFolders, newShimId, RunFolder } from './run-folder.ts'
import { takeLines } from './ship-life.ts'
import { ShimLink } from './shim-link.ts'
import { logFilesOf, shimSpec } from './spec.ts'

/** Time for a shim to answer beyond the ship's own grace before a stop is called incomplete, in ms. */
const answerMs = 10_000
/** Until a shim is reminded of the wish `down`, in ms: soon at first, in case a signal met it while it was stopped. */
const reminderMs = [20, 50, 100, 200, 500, 1_000] as const
/** How long a shim may take to start its ship before it is looked after, in ms. */
const beginMs = 2_000
/** A shim that was told to end is replaced only after this, in ms: when the machine goes down, the helper is told as well. */
const shutdownMs = 2_000

export interface LaunchOptions {
  /** What happened before counts no more: not started again by itself. */
  readonly asked: boolean
  /** The person asked, and waits for it. */
  readonly byPerson: boolean
}

/** Gives a ship its shims, one after another, takes what they tell, and has them stop it. */
export class ShipRunner {
  readonly #harbour: Harbour
  readonly #ledger: Ledger
  readonly #orphans: OrphanWatch
  readonly #startIn: (delayMs: number) => void
  /** null: no shim looks after the ship. */
  #link: ShimLink | null = null
  #closed = false

  /** `startIn` is called when the ship is to be started though nobody asked, because its shim could not do it. */
  constructor(harbour: Harbour, ledger: Ledger, startIn: (delayMs: number) => void) {
    this.#harbour = harbour
    this.#ledger = ledger
    this.#startIn = startIn
    this.#orphans = new OrphanWatch(harbour, ledger, startIn)
  }

  /** Whether anything of the ship lives, or a shim that may start it. */
  get isAfloat(): boolean {
    return this.#link !== null || this.#ledger.run !== null || this.#orphans.isEnding
  }

  /** Where it tells its shim things; null without one. */
  get folder(): RunFolder | null {
    return this.#link?.folder ?? null
  }

  /** Throws what would keep the ship from being started again, before anything is stopped for it. */
  checkStart(): void {
    this.#spec('')
  }

  /** Starts the ship under a new shim; returns once it runs, waits to be started again, or has ended. Throws KeelanError. */
  launch(options: LaunchOptions): Promise<void> {
    return options.byPerson ? this.#ledger.awaitingStart(() => this.#launch(options)) : this.#launch(options)
  }

  async #launch({ asked, byPerson }: LaunchOptions): Promise<void> {
    await this.#orphans.settled()
    const { ship } = this.#ledger
    this.#unlink()
    const shimId = newShimId()
    const link = this.#follow(shimId, 0)
    try {
      link.prepare(ship, this.#spec(shimId))
      link.watch()
      this.#harbour.failpoint('before-commit', this.#name)
      await this.#ledger.change(() => this.#starting(shimId, ship.revision, { asked, byPerson }))
      if (asked) this.#orphans.forgetRestarts()
      this.#harbour.failpoint('before-spawn', this.#name)
      await link.spawn()
      this.#harbour.failpoint('after-spawn', this.#name)
    } catch (error) {
      await this.#couldNotLaunch(link, error)
      throw error
    }
    deleteRunFolders(this.#harbour.shipRuns, this.#name, shimId)
    await this.#untilBegun(link)
    const { state } = this.#ledger.ship
    if (state.status === 'failed')
      throw new KeelanError('FAILED_TO_START', `${this.#name} could not be started: ${state.reason}`)
  }

  /** Has the shim stop the ship and end, or does it in place of a shim that is gone. Throws KeelanError STOP_INCOMPLETE. */
  async bringDown(graceMs?: number): Promise<void> {
    const { stopSignal, stopTimeoutMs } = this.#ledger.ship.definition
    const grace = graceMs ?? stopTimeoutMs
    const link = this.#link
    if (link) {
      this.#harbour.failpoint('before-wish-down', this.#name)
      if (!link.folder.wishDown(graceMs)) await this.#endWithoutFolder(link, stopSignal, grace)
      this.#harbour.failpoint('after-wish-down', this.#name)
      await this.#untilShimEnded(link, performance.now() + grace + answerMs)
      if (this.#closed) return
    }
    // A shim that was killed has left a ship behind.
    await this.#orphans.end(stopSignal, grace)
  }

  /** Takes the ship up after a restart of the helper; returns once all that happened meanwhile is known. */
  async adopt(): Promise<void> {
    const { shim, run } = this.#ledger
    if (shim) {
      const link = this.#follow(shim.id, shim.lastLine)
      link.watch()
      await this.lookAfter()
    } else if (run) await this.#orphans.begin()
  }

  /** The shim was to be spawned when the helper died. If it was, this second one sees that it is one too many and leaves. */
  async spawnIfMissing(): Promise<void> {
    if (this.#link && !this.#shimIdentity(this.#link)) await this.#link.spawn()
  }

  /** Whether the shim lives, as long as its journal does not say that it ended. */
  async lookAfter(): Promise<void> {
    const link = this.#link
    if (!link) return
    await link.readNow()
    const identity = this.#shimIdentity(link)
    if (!identity || this.#isPast(link)) return
    const isThisBoot = identity.bootId === this.#harbour.bootId
    if (isThisBoot && isAlive(identity)) return
    // Its last words may have come since the journal was read.
    await link.readNow()
    if (this.#isPast(link)) return
    this.#unlink()
    await (isThisBoot ? this.#orphans.begin() : this.#orphans.machineRestarted())
  }

  /** The safety net: every pid is looked at. A shim that says nothing of its ship's death was stopped (SIGSTOP), and goes on. */
  async sweep(): Promise<void> {
    await this.lookAfter()
    const process = this.#ledger.run?.process
    if (this.#link && process && !isAlive(process)) this.#remindShim()
  }

  /** The machine was restarted: whatever ran has ended. */
  async machineRestarted(): Promise<void> {
    this.#unlink()
    await this.#orphans.machineRestarted()
  }

  close(): void {
    this.#closed = true
    this.#orphans.close()
    this.#unlink()
  }

  get #name(): string {
    return this.#ledger.ship.definition.name
  }

  /**
   * Who the shim of a link is, once its journal has told. While a ship is being launched the ledger still knows the shim
   * before; that one's death says nothing of this one.
   */
  #shimIdentity(link: ShimLink): ShimRecord['identity'] {
    const { shim } = this.#ledger
    return shim?.id === link.folder.shimId ? shim.identity : null
  }

  #isPast(link: ShimLink): boolean {
    return this.#link !== link || this.#closed
  }

  /** `revision`: of the definition that the shim was given, which may be an older one by now. */
  #starting(shimId: string, revision: number, { asked, byPerson }: LaunchOptions): NextEntry {
    const before = this.#ledger.ship
    const restarts = asked ? 0 : before.restarts + 1
    const ship: ShipRecord = { ...before, wish: 'up', state: { status: 'starting' }, restarts, shimId }
    const shim: ShimRecord = { id: shimId, ship: this.#name, revision, identity: null, lastLine: 0, ended: false }
    const happenings: Happening[] = byPerson ? [{ kind: 'asked', atMs: Date.now(), outcome: 'started' }] : []
    const event = this.#ledger.event('ship.starting', 'is starting', ship, shim)
    return { ship, shim, run: null, events: [event], happenings }
  }

  #spec(shimId: string): Buffer {
    const { definition, shellEnvironment } = this.#ledger.ship
    const environment = shipEnvironment(definition, shellEnvironment, shimId)
    const delays = restartDelays(definition.backoff, this.#harbour.random)
    return shimSpec(definition, environment, delays, logFilesOf(this.#harbour.shipLogs, definition))
  }

  async #couldNotLaunch(link: ShimLink, error: unknown): Promise<void> {
    if (this.#link === link) this.#unlink()
    // One with a journal was a shim's: what it says of a living ship must stay.
    if (!link.folder.hasJournal) link.folder.delete()
    const reason = error instanceof Error ? error.message : String(error)
    await this.#ledger.change(() => {
      const ship: ShipRecord = { ...this.#ledger.ship, wish: 'up', state: { status: 'failed', reason } }
      const { shim } = this.#ledger
      const ended = shim?.id === link.folder.shimId ? { shim: { ...shim, ended: true } } : {}
      const happening: Happening = { kind: 'failed', atMs: Date.now(), ranMs: null, reason, run: null }
      const event = this.#ledger.event('ship.failed', `failed: ${reason}`, ship)
      return { ship, ...ended, events: [event], happenings: [happening] }
    })
  }

  #follow(shimId: string, lastLine: number): ShimLink {
    const { definition } = this.#ledger.ship
    const { stdout, stderr } = logFilesOf(this.#harbour.shipLogs, definition)
    this.#harbour.shipStarts(this.#name, stderr === null ? [stdout] : [stdout, stderr])
    const link: ShimLink = new ShimLink(
      this.#harbour,
      new RunFolder(this.#harbour.shipRuns, this.#name, shimId),
      lastLine,
      (lines) => this.#take(link, lines),
      (status) =>
        void this.#shimExited(link, status).catch((error: unknown) =>
          this.#harbour.log('error', `${this.#name}: the end of its shim could not be noted: ${String(error)}`),
        ),
    )
    this.#link = link
    return link
  }

  #unlink(): void {
    this.#link?.close()
    this.#link = null
  }

  /** Commits what the journal says; a shim that has been replaced meanwhile has nothing to say any more. */
  async #take(link: ShimLink, lines: readonly JournalLine[]): Promise<void> {
    if (this.#isPast(link)) return
    this.#harbour.failpoint('before-take', this.#name)
    this.#harbour.log('debug', `${this.#name}: its journal says ${lines.map(({ kind }) => kind).join(', ')}`)
    const { stdout } = logFilesOf(this.#harbour.shipLogs, this.#ledger.ship.definition)
    const { helperStartedMs } = this.#harbour
    const surroundings = {
      helperStartedMs,
      logGeneration: this.#harbour.logGeneration(stdout),
      ranOutOfMemory: () => this.#harbour.oomKills.explainsDeath(),
    }
    await this.#ledger.change(() => {
      const { ship, shim, run } = this.#ledger
      if (shim?.id !== link.folder.shimId) return null
      const { life, change, happenings } = takeLines({ ship, shim, run }, lines, surroundings)
      return { ...change, run: life.run, happenings, entered: () => life.shim.ended && this.#unlink() }
    })
    const wasTold = lines.some((line) => line.kind === 'end' && line.reason.startsWith('signal'))
    const { wish, definition } = this.#ledger.ship
    if (wasTold && wish === 'up' && definition.restart !== 'no') this.#startIn(shutdownMs)
  }

  async #shimExited(link: ShimLink, status: number | null): Promise<void> {
    await link.readNow()
    if (this.#isPast(link)) return
    if (this.#shimIdentity(link)) return this.lookAfter()
    if (link.folder.hasJournal) return
    const why = status === 75 ? `another shim holds the lock beside ${link.folder.path}` : `status ${status}`
    await this.#couldNotLaunch(link, new Error(`its shim could not begin (${why})`))
  }

  /** Somebody deleted the folder, so the shim cannot be told: it is told by signal to start nothing more, and its ship is ended. */
  async #endWithoutFolder(link: ShimLink, signal: NodeJS.Signals, graceMs: number): Promise<void> {
    this.#harbour.log('warn', `${this.#name}: ${link.folder.path} was deleted; its processes are ended one by one`)
    const identity = this.#shimIdentity(link)
    if (identity) signalProcess(identity, 'SIGTERM')
    this.#remindShim()
    await endProcesses(link.folder.shimId, this.#ledger.run?.process ?? null, signal, graceMs)
  }

  /** As long as it takes: a busy machine may be slow, and a shim that was stopped with SIGSTOP is set going. */
  async #untilBegun(link: ShimLink): Promise<void> {
    const hasBegun = (): boolean => this.#ledger.ship.state.status !== 'starting' || this.#isPast(link)
    while (!(await this.#ledger.until(hasBegun, beginMs))) {
      await this.lookAfter()
      this.#remindShim()
    }
  }

  async #untilShimEnded(link: ShimLink, deadline: number): Promise<void> {
    for (let n = 0; !this.#isPast(link); n += 1) {
      this.#remindShim()
      const pauseMs = reminderMs[Math.min(n, reminderMs.length - 1)]
      if (await this.#ledger.until(() => this.#isPast(link), pauseMs)) return
      await this.lookAfter()
      if (performance.now() > deadline) throw this.#incomplete(link.folder.shimId)
    }
  }

  /** Only a shim whose journal has begun: before that it does not yet block the signal, and looks at the wish anyway. */
  #remindShim(): void {
    const identity = this.#link && this.#shimIdentity(this.#link)
    if (!identity) return
    signalProcess(identity, 'SIGUSR1')
    signalProcess(identity, 'SIGCONT')
  }

  #incomplete(shimId: string): KeelanError {
    const pids = processesOf(shimId, this.#ledger.run?.process ?? null).map(({ pid }) => pid)
    const left = pids.length > 0 ? `still there: ${pids.join(', ')}` : 'its shim does not answer'
    return new KeelanError('STOP_INCOMPLETE', `${this.#name} could not be stopped; ${left}`, { pids })
  }
}

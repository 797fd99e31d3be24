import { isDeepStrictEqual } from 'node:util'
import type { Environment, ShipDefinition } from '../api/definition.ts'
import { KeelanError } from '../api/errors.ts'
import type { ShipRecord } from '../api/records.ts'
import type { ApplyAction, RequestOf } from '../api/routes.ts'
import type { Ship } from '../api/ship.ts'
import { inherited, readEnvFile } from './environment.ts'
import type { Harbour } from './harbour.ts'
import { inParallel, Queue } from './queue.ts'
import { listRunFolders, RunFolder } from './run-folder.ts'
import { shipView } from './ship-view.ts'
import { SupervisedShip } from './supervised-ship.ts'

/** How many ships are started or stopped at the same time: enough to keep two cores busy, and the helper answering. */
const atOnce = 16

type ApplyRequest = RequestOf<'applyShips'>['body']

/** A ship of a request, and what has to be done for it. */
interface Planned {
  readonly definition: ShipDefinition
  readonly action: ApplyAction
}

export interface Applied {
  readonly name: string
  readonly action: ApplyAction
  readonly ship: Ship | null
}

/** All ships. */
export class Fleet {
  readonly #harbour: Harbour
  readonly #ships = new Map<string, SupervisedShip>()
  /** Which ships there are changes one request at a time. */
  readonly #roster = new Queue()
  /** All ships are being stopped, and the helper then ends: nothing is started any more. */
  #isStopping = false

  constructor(harbour: Harbour) {
    this.#harbour = harbour
  }

  /** Takes up every ship where it is, learns what happened meanwhile, and then does what is owed to each in the background. */
  async recover(): Promise<void> {
    const { bootId, memory } = this.#harbour
    const known = await memory.load()
    const rebooted = known.autostartBootId !== null && known.autostartBootId !== bootId
    for (const record of known.ships) {
      const { name } = record.definition
      const shim = known.shims.find(({ id }) => id === record.shimId) ?? null
      const run = known.runs.find(({ ship, shimId }) => ship === name && shimId === record.shimId) ?? null
      const incident = known.incidents.get(name) ?? null
      this.#ships.set(name, new SupervisedShip(this.#harbour, { ship: record, shim, run, incident }))
    }
    await this.#findLostShips()
    await inParallel([...this.#ships.values()], atOnce, async (ship) => {
      await ship.adopt()
      const hasEnded = ['stopped', 'failed'].includes(ship.record.state.status)
      if (rebooted && !hasEnded) await ship.machineRestarted()
    })
    if (known.autostartBootId !== bootId) await memory.setAutostartBootId(bootId)
    void this.#resume({ autostart: rebooted })
  }

  find(name: string): SupervisedShip | undefined {
    return this.#ships.get(name)
  }

  /** Throws KeelanError SHIP_NOT_FOUND. */
  get(name: string): SupervisedShip {
    const ship = this.#ships.get(name)
    if (!ship) throw new KeelanError('SHIP_NOT_FOUND', `there is no ship named ${name}`)
    return ship
  }

  all(): SupervisedShip[] {
    return [...this.#ships.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Creates and changes ships: everything is checked first, and one that is refused changes nothing at all. */
  async apply(request: ApplyRequest): Promise<Applied[]> {
    this.#refuseIfStopping()
    const plan = await this.#roster.run(async () => {
      const planned = this.#check(request)
      if (!request.dryRun) await inParallel(planned, atOnce, (item) => this.#enrol(item, request.shellEnvironment))
      return planned
    })
    return inParallel(plan, atOnce, async ({ definition: { name }, action }) => {
      if (request.dryRun) return { name, action, ship: this.#ships.get(name)?.view() ?? null }
      if (request.start) await this.#carryOut(name, action)
      // Not there: somebody removed it meanwhile.
      return { name, action, ship: this.#ships.get(name)?.view() ?? null }
    })
  }

  /** Stops and forgets a ship; others need not wait for that. */
  remove(name: string): Promise<void> {
    return this.get(name).remove(() => this.#ships.delete(name))
  }

  /** Stops every ship, as for a shutdown that a person asked for; returns the names of those that ran. */
  async stopAll(): Promise<string[]> {
    this.#isStopping = true
    try {
      const wanted = this.all().filter((ship) => ship.isWanted)
      await inParallel(wanted, atOnce, (ship) => ship.stop())
      return wanted.map(({ name }) => name)
    } catch (error) {
      this.#isStopping = false
      throw error
    }
  }

  /** Starts a ship, as a person asked for. */
  start(name: string): Promise<Ship> {
    this.#refuseIfStopping()
    return this.get(name).start()
  }

  /** Restarts a ship, as a person asked for. */
  restart(name: string, graceMs?: number): Promise<Ship> {
    this.#refuseIfStopping()
    return this.get(name).restart(graceMs)
  }

  async sweep(): Promise<void> {
    this.#harbour.oomKills.forgetOld()
    await inParallel(this.all(), atOnce, (ship) => ship.sweep())
  }

  /** Lets go of all ships without touching them. */
  close(): void {
    for (const ship of this.#ships.values()) ship.close()
  }

  #refuseIfStopping(): void {
    if (this.#isStopping) throw new KeelanError('HELPER_STOPPING', 'the helper is stopping all ships')
  }

  #check({ ships, replace, start }: ApplyRequest): Planned[] {
    const names = ships.map(({ name }) => name)
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice) throw new KeelanError('INVALID_REQUEST', `${twice} is given twice`)
    return ships.map((definition) => {
      const before = this.#ships.get(definition.name)
      if (before && !replace) throw new KeelanError('SHIP_EXISTS', `there is a ship named ${definition.name} already`)
      checkRights(definition)
      for (const file of definition.envFile) readEnvFile(file, definition.name)
      return { definition, action: this.#actionFor(definition, before, start) }
    })
  }

  #actionFor(definition: ShipDefinition, before: SupervisedShip | undefined, start: boolean): ApplyAction {
    if (!before) return 'create'
    const isRunning = before.isAfloat
    if (!isDeepStrictEqual(before.record.definition, definition)) return isRunning && start ? 'restart' : 'update'
    return start && !isRunning ? 'start' : 'none'
  }

  /** Without the environment of a shell, a ship keeps the one it has; a new one takes the helper's. */
  async #enrol({ definition, action }: Planned, shell: Environment | undefined): Promise<void> {
    const before = this.#ships.get(definition.name)
    const kept = shell ? undefined : before?.record.shellEnvironment
    const shellEnvironment = kept ?? inherited(shell ?? process.env, { all: definition.inheritEnv })
    if (!before) return this.#create(definition, shellEnvironment)
    const isChanged = action === 'update' || action === 'restart'
    const isThere = isChanged
      ? await before.redefine(definition, shellEnvironment)
      : await before.refreshEnvironment(shellEnvironment)
    if (!isThere) await this.#create(definition, shellEnvironment)
  }

  async #create(definition: ShipDefinition, shellEnvironment: Environment): Promise<void> {
    const record: ShipRecord = {
      definition,
      shellEnvironment,
      revision: 1,
      // Until its first start: a helper that dies in between must not start what nobody was told of.
      wish: 'down',
      state: { status: 'stopped', reason: 'not started yet' },
      lastEnd: null,
      restarts: 0,
      shimId: null,
    }
    const { name } = definition
    const told = { name, message: `${name} was deployed`, ship: shipView(record, null), origin: null }
    await this.#harbour.memory.commit(
      { ship: record, events: [{ ...told, timeMs: Date.now(), type: 'ship.deployed' }] },
      (events) => {
        this.#ships.set(
          name,
          new SupervisedShip(this.#harbour, { ship: record, shim: null, run: null, incident: null }),
        )
        this.#harbour.publish(events)
      },
    )
  }

  /** A ship that cannot be started says so by its state; it does not hold up the others. */
  async #carryOut(name: string, action: ApplyAction): Promise<void> {
    if (action === 'none') return
    const ship = this.#ships.get(name)
    this.#refuseIfStopping()
    if (!ship) return
    try {
      await (action === 'restart' ? ship.restart() : ship.start())
    } catch (error) {
      if (!(error instanceof KeelanError)) throw error
      if (error.code === 'SHIP_NOT_FOUND') return
      if (ship.view().status !== 'failed') throw error
    }
  }

  /** Ships that the database does not know (it was lost), from their run folders. */
  async #findLostShips(): Promise<void> {
    for (const { ship: name, shimIds } of listRunFolders(this.#harbour.shipRuns)) {
      const shimId = shimIds.at(-1)
      if (this.#ships.has(name) || shimId === undefined) continue
      const folder = new RunFolder(this.#harbour.shipRuns, name, shimId)
      const stored = folder.readDefinition()
      if (!stored || stored.definition.name !== name) continue
      this.#harbour.log('warn', `${name}: not in the database; found again by ${folder.path}`)
      const record: ShipRecord = {
        ...stored,
        wish: folder.isWishedDown ? 'down' : 'up',
        state: { status: 'stopped', reason: 'found again by its run folder' },
        lastEnd: null,
        restarts: 0,
        shimId,
      }
      const shim = { id: shimId, ship: name, revision: stored.revision, identity: null, lastLine: 0, ended: false }
      const told = {
        name,
        message: `${name} was found again by its run folder`,
        ship: shipView(record, shim),
        origin: null,
      }
      await this.#harbour.memory.commit(
        { ship: record, shim, events: [{ ...told, timeMs: Date.now(), type: 'ship.deployed' }] },
        (events) => this.#harbour.publish(events),
      )
      this.#ships.set(name, new SupervisedShip(this.#harbour, { ship: record, shim, run: null, incident: null }))
    }
  }

  async #resume({ autostart }: { autostart: boolean }): Promise<void> {
    await inParallel(this.all(), atOnce, async (ship) => {
      try {
        await ship.resume()
        const { wish, definition } = ship.record
        if (autostart && definition.autostart && wish === 'up' && !ship.isAfloat) await ship.start('helper')
      } catch (error) {
        this.#harbour.log('error', `${ship.name}: ${String(error)}`)
      }
    })
  }
}

/** Throws KeelanError NEEDS_ROOT for what only root may ask for. */
function checkRights(definition: ShipDefinition): void {
  if (process.getuid?.() === 0) return
  const { name, nice = 0 } = definition
  const asked = (['user', 'group', 'root'] as const).find((key) => definition[key] !== undefined)
  if (asked) throw new KeelanError('NEEDS_ROOT', `${name}: ${asked} needs a helper that runs as root`)
  if (nice < 0) throw new KeelanError('NEEDS_ROOT', `${name}: a nice value below 0 needs a helper that runs as root`)
}

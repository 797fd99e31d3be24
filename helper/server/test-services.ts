import { join } from 'node:path'
import type { ShipDefinition } from '../api/definition.ts'
import { KeelanError } from '../api/errors.ts'
import type { KeelanEvent } from '../api/events.ts'
import type { Incident, Notification } from '../api/incidents.ts'
import { defaultSettings, Settings } from '../api/settings.ts'
import type { Ship } from '../api/ship.ts'
import type { Services } from './services.ts'
import { definitionOf } from '../api/testing/definition.ts'

/** For tests: services that keep ships and events in memory, by the same rules as the true ones. Logs are files in `folder`. */
export class TestServices implements Services {
  readonly folder: string
  stream = 'stream-1'
  readonly events: KeelanEvent[] = []
  readonly definitions = new Map<string, ShipDefinition>()
  readonly listeners = new Set<(event: KeelanEvent) => void>()
  /** Events up to this number were forgotten. */
  forgotten = 0
  /** What happens while the history is read: awaited before each reading. */
  whileReading: () => Promise<void> | void = () => {}
  #states = new Map<string, 'running' | 'stopped'>()

  constructor(folder: string) {
    this.folder = folder
  }

  get seq(): number {
    return this.events.length
  }

  /** Commits an event and tells it. */
  publish(name: string | null = null, message = 'something happened'): KeelanEvent {
    const event: KeelanEvent = {
      seq: this.seq + 1,
      time: new Date().toISOString(),
      type: name === null ? 'helper.started' : 'ship.note',
      name,
      message,
      ship: name !== null && this.definitions.has(name) ? this.#view(name) : null,
    }
    this.events.push(event)
    for (const listener of this.listeners) listener(event)
    return event
  }

  readonly helper: Services['helper'] = {
    info: async () => ({
      version: '1.2.3',
      pid: process.pid,
      startedAt: '2026-11-22T10:00:00.000Z',
      uptimeSeconds: 1,
      platform: 'console',
      intervalSeconds: 30,
      baseDirectory: this.folder,
      socket: join(this.folder, 'keelan.sock'),
      database: join(this.folder, 'keelan.db'),
      pidFile: join(this.folder, 'pid'),
      logFile: join(this.folder, 'log'),
      logFileBytes: 0,
      lastLogLines: [],
      ships: { running: this.#states.size },
    }),
    stop: async ({ ships }) => {
      if (!ships) return []
      for (const name of this.definitions.keys()) this.#become(name, 'stopped')
      return [...this.definitions.keys()]
    },
  }

  readonly ships: Services['ships'] = {
    snapshot: () => ({
      stream: this.stream,
      seq: this.seq,
      ships: [...this.definitions.keys()].map((name) => this.#view(name)),
    }),
    detail: async (name, { showEnv }) => {
      const definition = this.#definition(name)
      const masked = Object.fromEntries(Object.keys(definition.env).map((key) => [key, '***']))
      return {
        ship: this.#view(name),
        definition: { ...definition, env: showEnv ? definition.env : masked },
        logFiles: [this.logFile(name)],
      }
    },
    apply: async ({ ships, replace, start, dryRun }) => {
      for (const definition of ships)
        if (!replace && this.definitions.has(definition.name))
          throw new KeelanError('SHIP_EXISTS', `there is a ship ${definition.name} already`)
      return ships.map((definition) => {
        const { name } = definition
        const action = this.definitions.has(name) ? 'update' : 'create'
        if (dryRun) return { name, action, ship: null }
        this.definitions.set(name, definition)
        this.#become(name, start ? 'running' : 'stopped')
        return { name, action, ship: this.#view(name) }
      })
    },
    start: async (name) => this.#become(name, 'running'),
    stop: async (name) => this.#become(name, 'stopped'),
    restart: async (name) => this.#become(name, 'running'),
    remove: async (name, { deleteLog }) => {
      this.#definition(name)
      this.definitions.delete(name)
      this.publish(name, `${name} was removed`)
      return deleteLog ? [] : [this.logFile(name)]
    },
  }

  readonly history: Services['history'] = {
    runs: async (name) => {
      this.#definition(name)
      return []
    },
    eventsAfter: async (after, { limit, ship }) => {
      await this.whileReading()
      return this.#kept(ship)
        .filter(({ seq }) => seq > after)
        .slice(0, limit)
    },
    lastEvents: async ({ limit, ship }) => {
      await this.whileReading()
      return this.#kept(ship).slice(-limit)
    },
    oldestKept: async () => this.forgotten,
  }

  /** What `usage` gives, and how often it was asked and told to forget. */
  usages: Awaited<ReturnType<Services['usage']['sample']>> = {}
  samples = 0
  forgets = 0

  readonly usage: Services['usage'] = {
    sample: async () => {
      this.samples += 1
      return this.usages
    },
    forget: () => (this.forgets += 1),
  }

  readonly logs: Services['logs'] = {
    locate: async (name, stream) => {
      this.#definition(name)
      if (stream === 'stderr') throw new KeelanError('INVALID_REQUEST', `${name} keeps stdout and stderr in one log`)
      return { path: this.logFile(name) }
    },
  }

  chosen: Settings = defaultSettings
  readonly settings: Services['settings'] = {
    get: () => this.chosen,
    change: async (part) => (this.chosen = Settings.parse({ ...this.chosen, ...part })),
  }

  /** Oldest first. */
  readonly opened: Incident[] = []
  readonly incidents: Services['incidents'] = {
    list: async ({ ship, open, limit, before = Infinity }) =>
      this.opened
        .filter((one) => one.id < before && (ship === undefined || one.ship === ship))
        .filter((one) => open === undefined || open === (one.closedAt === null))
        .toReversed()
        .slice(0, limit),
  }

  /** What is to be told, and who has claimed it. */
  readonly untold = new Map<string, { notification: Notification; holder: string | null }>()
  readonly notifications: Services['notifications'] = {
    claim: async (holder) => {
      const free = [...this.untold.values()].filter((one) => one.holder === null)
      for (const one of free) one.holder = holder
      return { notifications: free.map(({ notification }) => notification), nextInMs: null }
    },
    confirm: async (id, holder) => this.untold.get(id)?.holder === holder && this.untold.delete(id),
    test: async () => {
      const id = `test-${this.untold.size}`
      const time = new Date().toISOString()
      const notification: Notification = { id, kind: 'test', title: 'A test', body: '', ship: null, time }
      this.untold.set(id, { notification, holder: null })
    },
  }

  onEvent(listener: (event: KeelanEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  logFile(name: string): string {
    return join(this.folder, `${name}.log`)
  }

  #kept(ship: string | undefined): KeelanEvent[] {
    return this.events.filter(({ seq, name }) => seq > this.forgotten && (ship === undefined || name === ship))
  }

  #definition(name: string): ShipDefinition {
    const definition = this.definitions.get(name)
    if (!definition) throw new KeelanError('SHIP_NOT_FOUND', `there is no ship ${name}`)
    return definition
  }

  #become(name: string, status: 'running' | 'stopped'): Ship {
    this.#definition(name)
    this.#states.set(name, status)
    this.publish(name, `${name} is ${status}`)
    return this.#view(name)
  }

  #view(name: string): Ship {
    const base = {
      name,
      wish: 'up',
      health: null,
      stoppedAt: null,
      exitCode: null,
      signal: null,
      restarts: 0,
      uptimeSeconds: null,
      definitionChanged: false,
      command: 'true',
      nextStartAt: null,
      reason: null,
    } as const
    return this.#states.get(name) === 'running'
      ? { ...base, status: 'running', pid: 1, startedAt: '2026-11-22T10:00:00.000Z' }
      : { ...base, status: 'stopped', pid: null, startedAt: null }
  }
}

/** A definition with nothing special about it. */
export const testDefinition = (name: string, changes: Partial<ShipDefinition> = {}): ShipDefinition =>
  definitionOf({ name, command: ['true'], ...changes })

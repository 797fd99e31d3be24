import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs'
import { KeelanError } from '../api/errors.ts'
import type { HelperInfo } from '../api/helper.ts'
import { shipStatuses } from '../api/ship.ts'
import type { BaseDirectory } from '../base-directory.ts'
import type { Outbox } from '../channels/outbox.ts'
import { indexPath } from '../logs/log-index.ts'
import { UsageSampler } from '../metrics/usage-sampler.ts'
import type { Services } from '../server/services.ts'
import type { Store } from '../store/store.ts'
import type { Fleet } from '../supervisor/fleet.ts'
import type { EventBus } from './event-bus.ts'
import type { DaemonOptions } from './options.ts'
import type { Repeating } from './repeating.ts'
import type { SettingsKeeper } from './settings-keeper.ts'

export interface Parts {
  readonly version: string
  readonly startedAt: Date
  readonly stream: string
  readonly options: DaemonOptions
  readonly paths: BaseDirectory
  readonly fleet: Fleet
  readonly store: Store
  readonly bus: EventBus
  readonly settings: SettingsKeeper
  readonly outbox: Outbox
  readonly sweeps: Repeating
}

/** What the routes may do, on top of the helper's parts. */
export function createServices({ fleet, store, bus, stream, settings, outbox, ...helper }: Parts): Services {
  const sampler = new UsageSampler()
  return {
    helper: {
      info: () => Promise.resolve(helperInfo(helper, fleet)),
      stop: async ({ ships }) => (ships ? await fleet.stopAll() : []),
    },
    ships: {
      snapshot: () => ({ stream, seq: bus.lastSeq, ships: fleet.all().map((ship) => ship.view()) }),
      detail: async (name, { showEnv }) => {
        const ship = fleet.get(name)
        const { definition } = ship.record
        const env = showEnv ? definition.env : masked(definition.env)
        return { ship: ship.view(), definition: { ...definition, env }, logFiles: files(ship.logFiles()) }
      },
      apply: (request) => fleet.apply(request),
      start: async (name) => fleet.start(name),
      stop: async (name, graceMs) => fleet.get(name).stop(graceMs),
      restart: async (name, graceMs) => fleet.restart(name, graceMs),
      remove: async (name, { deleteLog }) => {
        const logs = files(fleet.get(name).logFiles())
        await fleet.remove(name)
        if (!deleteLog) return logs
        for (const log of logs) for (const file of [log, indexPath(log)]) rmSync(file, { force: true })
        return []
      },
    },
    history: {
      runs: async (name, options) => {
        fleet.get(name)
        return store.runs(name, options)
      },
      eventsAfter: (after, options) => store.eventsAfter(after, options),
      lastEvents: (options) => store.lastEvents(options),
      oldestKept: () => store.oldestKept(),
    },
    logs: {
      locate: async (name, stream) => {
        const { stdout, stderr } = fleet.get(name).logFiles()
        if (stream === 'stdout') return { path: stdout }
        if (stderr) return { path: stderr }
        throw new KeelanError(
          'INVALID_REQUEST',
          `${name} keeps stdout and stderr in one log; \`log: {split: true}\` parts them`,
        )
      },
    },
    settings: {
      get: () => settings.current,
      change: async (part) => {
        const all = await settings.change(part)
        if (part.intervalSeconds !== undefined) helper.sweeps.every(all.intervalSeconds)
        return all
      },
    },
    incidents: { list: (query) => store.incidents(query) },
    notifications: {
      claim: (holder, leaseMs) => outbox.claim(holder, leaseMs),
      confirm: (id, holder) => outbox.confirm(id, holder),
      test: () => {
        const message = 'a notification was asked for, to see whether it arrives'
        const event = {
          timeMs: Date.now(),
          type: 'notification.test',
          name: null,
          message,
          ship: null,
          origin: null,
        } as const
        return store.commit({ testNotice: true, events: [event] }, (events) => bus.publish(events))
      },
    },
    usage: {
      sample: () => sampler.sample(fleet.all().flatMap((ship) => ship.roots ?? [])),
      forget: () => sampler.forget(),
    },
    onEvent: (listener) => bus.listen(listener),
  }
}

const masked = (env: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.keys(env).map((name) => [name, '***']))

const files = ({ stdout, stderr }: { stdout: string; stderr: string | null }): string[] =>
  stderr === null ? [stdout] : [stdout, stderr]

function helperInfo(
  {
    version,
    startedAt,
    options,
    paths,
    sweeps,
  }: Omit<Parts, 'fleet' | 'store' | 'bus' | 'stream' | 'settings' | 'outbox'>,
  fleet: Fleet,
): HelperInfo {
  const counts = Object.fromEntries(shipStatuses.map((status) => [status, 0]))
  for (const ship of fleet.all()) counts[ship.view().status]! += 1
  const { bytes, lines } = lastLines(options.logFile)
  return {
    version,
    pid: process.pid,
    startedAt: startedAt.toISOString(),
    uptimeSeconds: Math.round(process.uptime() * 1_000) / 1_000,
    platform: options.platform,
    intervalSeconds: sweeps.seconds,
    baseDirectory: paths.base,
    socket: paths.socket,
    database: paths.database,
    pidFile: options.pidFile,
    logFile: options.logFile,
    logFileBytes: bytes,
    lastLogLines: lines,
    ships: counts,
  }
}

/** The last lines of a log, at most 10 and at most the last 16 KiB; none if it cannot be read. */
function lastLines(file: string): { bytes: number; lines: string[] } {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch {
    return { bytes: 0, lines: [] }
  }
  try {
    const { size } = fstatSync(fd)
    const tail = Buffer.alloc(Math.min(size, 16_384))
    readSync(fd, tail, 0, tail.length, size - tail.length)
    return { bytes: size, lines: tail.toString().trimEnd().split('\n').slice(-10) }
  } finally {
    closeSync(fd)
  }
}

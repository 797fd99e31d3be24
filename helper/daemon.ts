import { closeSync, existsSync, rmSync, statSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { KeelanError } from './api/errors.ts'
import { baseDirectory, type BaseDirectory } from './base-directory.ts'
import { EventBus } from './daemon/event-bus.ts'
import { failpoints } from './daemon/failpoints.ts'
import { prepareFolders, removeStaleSocket } from './daemon/folders.ts'
import { type Log, openHelperLog } from './daemon/helper-log.ts'
import { closeInherited } from './daemon/inherited-descriptors.ts'
import { type Lock, takeLock } from './daemon/lock.ts'
import { LogKeeper } from './daemon/log-keeper.ts'
import { daemonOptions, type DaemonOptions } from './daemon/options.ts'
import { Repeating } from './daemon/repeating.ts'
import { beginRetention } from './daemon/retention.ts'
import { createServices } from './daemon/services.ts'
import { SettingsKeeper } from './daemon/settings-keeper.ts'
import { StatusFiles } from './daemon/status-files.ts'
import { beginTelling } from './daemon/telling.ts'
import { generationOf, lastGeneration } from './logs/log-index.ts'
import { createServer } from './server/server.ts'
import { Store } from './store/store.ts'
import { Fleet } from './supervisor/fleet.ts'
import { OomKills } from './supervisor/oom-kills.ts'
import { currentBootId } from './supervisor/process-identity.ts'
import { version as ownVersion } from './version.ts'

/** How long runs and events are kept, in days. */
const keepDays = 90

/** The shim lies beside the compiled helper; the build puts it there. */
const version = ownVersion()

const shimPath = fileURLToPath(new URL('./shim/keelan-shim', import.meta.url))

/** Starts the helper, and says through `ready` when its API answers. Throws KeelanError if it cannot run. */
async function run(options: DaemonOptions, paths: BaseDirectory, ready: () => void): Promise<void> {
  const startedAt = new Date()
  prepareFolders(paths, options.pidFile)
  const lock = await takeLock(paths.lock, options.pidFile)
  const statusFiles = new StatusFiles(options.pidFile, options.platform, startedAt)
  try {
    await runLocked(options, paths, startedAt, lock, statusFiles)
  } catch (error) {
    statusFiles.failed(messageOf(error))
    throw error
  }
  ready()
}

async function runLocked(
  options: DaemonOptions,
  paths: BaseDirectory,
  startedAt: Date,
  lock: Lock,
  statusFiles: StatusFiles,
): Promise<void> {
  const log = openHelperLog(options.logFile, options)
  // What goes wrong without being expected ends the helper: its ships live on, and the next one takes them up.
  process.on('uncaughtException', (error) => {
    log('error', 'helper', `ends after a fault: ${error.stack ?? String(error)}`)
    statusFiles.failed(messageOf(error))
    process.exit(1)
  })
  log('info', 'helper', `Keelan ${version} starts (pid ${process.pid}, ${paths.base})`)
  if (!existsSync(shimPath)) throw new KeelanError('SHIM_MISSING', `the shim is not there: ${shimPath}`)
  if (removeStaleSocket(paths.socket)) log('info', 'helper', `removed ${paths.socket}, left by a helper that is gone`)
  if (existsSync(options.pidFile)) log('info', 'helper', `replaced ${options.pidFile}, left by a helper that is gone`)
  const store = await Store.open(paths.database, (text) => log('info', 'store', text))
  const bus = new EventBus(log)
  const keeper = new LogKeeper(log)
  const remembered = await store.load()
  const bootId = currentBootId()
  const isNewBoot = remembered.autostartBootId !== null && remembered.autostartBootId !== bootId
  // A machine that lost its power may have lost the last commits: what clients saw of them no longer counts.
  const stream = isNewBoot ? await store.renewStream() : remembered.stream
  bus.continueAfter(remembered.lastSeq)
  const settings = await SettingsKeeper.load(store, bus)
  const fleet = new Fleet({
    memory: store,
    publish: (events) => bus.publish(events),
    shimPath,
    shipRuns: paths.shipRuns,
    shipLogs: paths.shipLogs,
    bootId,
    helperStartedMs: startedAt.getTime(),
    logGeneration: currentGeneration,
    shipStarts: (name, files) => keeper.shipStarts(name, files),
    oomKills: new OomKills(),
    random: Math.random,
    log: (level, text) => log(level, 'ships', text),
    failpoint: failpoints(process.env['KEELAN_FAILPOINT']),
  })
  await fleet.recover()
  keeper.begin(fleet)
  const outbox = await beginTelling({ store, bus, settings, fleet, paths, log })
  const sweeps = new Repeating(options.intervalSeconds ?? settings.current.intervalSeconds, () => {
    if (!lock.isSound()) {
      // Socket, pid file and ships may be another helper's by now: nothing of them is touched.
      log('error', 'helper', `ends: ${paths.lock} was deleted, so another helper can start`)
      process.exit(1)
    }
    keepSocket().catch((error: unknown) => log('error', 'api', `${paths.socket}: ${messageOf(error)}`))
    fleet.sweep().catch((error: unknown) => log('error', 'sweep', messageOf(error)))
  })
  const retention = beginRetention(() => forgetOld(store, log))

  let ending: Promise<void> | null = null
  /** Step by step, whatever becomes of each: on a full disk too the helper must end in order. */
  const steps: (() => unknown)[] = [
    () => sweeps.stop(),
    () => outbox.close(),
    () => retention.stop(),
    () => server.close(),
    () => fleet.close(),
    () => keeper.end(),
    () => tellHelperEvent(store, bus, 'helper.stopped', 'the helper was stopped'),
    () => store.close(),
    () => rmSync(paths.socket, { force: true }),
    () => statusFiles.stopped(),
    () => lock.release(),
  ]
  const end = (why: string): Promise<void> =>
    (ending ??= (async () => {
      log('info', 'helper', `ends: ${why}`)
      for (const step of steps)
        try {
          await step()
        } catch (error) {
          log('error', 'helper', `while it ends: ${messageOf(error)}`)
        }
      log('info', 'helper', 'has ended')
      process.exit(0)
    })())
  const services = createServices({
    version,
    startedAt,
    stream,
    options,
    paths,
    fleet,
    store,
    bus,
    settings,
    outbox,
    sweeps,
  })
  const server = createServer(services, {
    version,
    log: {
      debug: (text) => log('debug', 'api', text),
      warn: (text) => log('warn', 'api', text),
      error: (text) => log('error', 'api', text),
    },
    onStopped: () => void end('asked for through the API'),
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal))
  const keepSocket = async (): Promise<void> => {
    if (existsSync(paths.socket) || ending) return
    log('warn', 'api', `${paths.socket} was deleted; listens anew`)
    await server.listenAgain(paths.socket)
  }
  // Every line opens the log anew, so there is nothing to reopen; the line shows that the file is there.
  process.on('SIGHUP', () => log('info', 'helper', `log reopened: ${options.logFile}`))

  await tellHelperEvent(store, bus, 'helper.started', `the helper was started (pid ${process.pid})`)
  await server.listen(paths.socket)
  statusFiles.running()
  log('info', 'helper', `listens on ${paths.socket}`)
}

function currentGeneration(path: string): number {
  const file = statSync(path, { throwIfNoEntry: false })
  return file ? generationOf(path, file) : lastGeneration(path)
}

async function tellHelperEvent(
  store: Store,
  bus: EventBus,
  type: 'helper.started' | 'helper.stopped',
  message: string,
) {
  const event = { timeMs: Date.now(), type, name: null, message, ship: null, origin: null }
  await store.commit({ events: [event] }, (events) => bus.publish(events))
}

async function forgetOld(store: Store, log: Log): Promise<void> {
  try {
    const { runs, events } = await store.forgetBefore(Date.now() - keepDays * 86_400_000)
    log('info', 'store', `forgot ${runs} runs and ${events} events older than ${keepDays} days`)
  } catch (error) {
    log('error', 'store', `old runs and events could not be forgotten: ${messageOf(error)}`)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Tells whoever started the helper how that went, through the descriptor it gave for it, once; false if it gave none. */
function report(message: object): boolean {
  const fd = Number(process.env['KEELAN_READY_FD'])
  if (!fd) return false
  delete process.env['KEELAN_READY_FD']
  try {
    writeSync(fd, `${JSON.stringify(message)}\n`)
    closeSync(fd)
  } catch {
    // It has gone meanwhile.
  }
  return true
}

process.umask(0o077)
closeInherited([0, 1, 2, Number(process.env['KEELAN_READY_FD'])])
const paths = baseDirectory()
try {
  await run(daemonOptions(process.argv.slice(2), paths), paths, () => report({ ready: true, pid: process.pid }))
} catch (error) {
  const { code, message, details } =
    error instanceof KeelanError ? error : new KeelanError('INTERNAL', messageOf(error))
  // Whoever waits for the answer says it; the log is not for it, which may be another helper's.
  if (!report({ code, message, details })) process.stderr.write(`keelan: ${message}\n`)
  process.exit(1)
}

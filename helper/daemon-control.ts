import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { errorTable, type ErrorCode, KeelanError } from './api/errors.ts'
import type { Platform } from './api/helper.ts'
import { baseDirectory } from './base-directory.ts'
import { KeelanClient } from './client.ts'
import { makeFolder } from './make-folder.ts'

/** What the helper runs on. */
export interface Runtime {
  readonly path: string
  /** Set for the helper: `ELECTRON_RUN_AS_NODE` for one that is the app's own binary. Ships never get these. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starting and ending the helper, for the command line and the tray app. */
export interface StartOptions {
  /** Left out: the runtime of this process. */
  runtime?: Runtime
  /** Seconds between two sweeps. */
  intervalSeconds?: number
  logFile?: string
  pidFile?: string
  platform?: Platform
}

const daemonPath = fileURLToPath(new URL('./daemon.js', import.meta.url))

/** How long another start that is under way may take until it answers, in ms. */
const otherStartMs = 20_000

/**
 * Starts the helper in a session of its own, and returns once its API answers. Any number of starts at once leave one
 * helper. Throws KeelanError with what the helper itself says, or HELPER_DID_NOT_START with the last lines of its log.
 */
export async function startHelper(options: StartOptions = {}): Promise<{ pid: number; alreadyRunning: boolean }> {
  const paths = baseDirectory()
  const running = await runningHelper()
  if (running !== null) return { pid: running, alreadyRunning: true }
  const logFile = options.logFile ?? paths.defaultLogFile
  const output = openLog(logFile)
  const { path, env } = options.runtime ?? { path: process.execPath }
  const child = spawn(path, [...nodeOptions, daemonPath, ...daemonArguments(options)], {
    detached: true,
    cwd: '/',
    // What Node itself prints when it dies, out of memory for one, lands in the log as well.
    stdio: ['ignore', output ?? 'ignore', output ?? 'ignore', 'pipe'],
    env: helperEnvironment({ ...env, KEELAN_READY_FD: '3' }),
  })
  if (output !== null) closeSync(output)
  const answer = await firstLine(child)
  child.unref()
  if (answer && 'ready' in answer) return { pid: answer.pid, alreadyRunning: false }
  if (answer?.code === 'HELPER_ALREADY_RUNNING') {
    const pid = await waitForOther()
    if (pid !== null) return { pid, alreadyRunning: true }
    throw new KeelanError('HELPER_NOT_ANSWERING', `${answer.message}, but does not answer on ${paths.socket}`)
  }
  if (answer && answer.code in errorTable)
    throw new KeelanError(answer.code as ErrorCode, answer.message, { lines: lastLines(logFile) })
  throw new KeelanError('HELPER_DID_NOT_START', `the helper ended before it answered; its log is ${logFile}`, {
    lines: lastLines(logFile),
  })
}

/** Runs the helper as a child of this process, on its terminal, until it ends; returns its exit status. */
export async function runHelperInForeground(options: StartOptions = {}): Promise<number> {
  const args = [...nodeOptions, daemonPath, '--foreground', ...daemonArguments(options)]
  const { path, env } = options.runtime ?? { path: process.execPath }
  const child = spawn(path, args, { stdio: 'inherit', env: helperEnvironment({ ...env }) })
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** Ends the helper, and its ships if asked to; returns once it is gone. */
export async function stopHelper({
  ships,
}: {
  ships: boolean
}): Promise<{ wasRunning: boolean; stoppedShips: string[] }> {
  const client = new KeelanClient(baseDirectory().socket)
  try {
    const { pid } = await client.call('getHelper')
    const { stoppedShips } = await client.call('stopHelper', { body: { ships } })
    await waitUntilGone(pid)
    return { wasRunning: true, stoppedShips }
  } catch (error) {
    if (isNotRunning(error)) return { wasRunning: false, stoppedShips: [] }
    throw error
  }
}

/** Ends the helper and starts it with the options it had, on the runtime given; ships run on. One that did not run is started. */
export async function restartHelper({ runtime }: Pick<StartOptions, 'runtime'> = {}): Promise<{ pid: number }> {
  const client = new KeelanClient(baseDirectory().socket)
  const before = await client.call('getHelper').catch((error: unknown) => {
    if (isNotRunning(error)) return null
    throw error
  })
  await stopHelper({ ships: false })
  const { pid } = await startHelper({
    ...(runtime && { runtime }),
    ...(before && {
      intervalSeconds: before.intervalSeconds,
      logFile: before.logFile,
      pidFile: before.pidFile,
      platform: before.platform,
    }),
  })
  return { pid }
}

/**
 * Little memory matters more to a helper than throughput: a small young generation, a bound on the old one (MiB), and no
 * compilers, which take 10 MB; searching a log has V8 optimize for as long as it goes on (`server/full-speed.ts`).
 */
const nodeOptions = ['--max-semi-space-size=1', '--max-old-space-size=256', '--no-opt', '--no-sparkplug']

function daemonArguments({ intervalSeconds, logFile, pidFile, platform }: StartOptions): string[] {
  return [
    ...(intervalSeconds === undefined ? [] : ['--interval', String(intervalSeconds)]),
    ...(logFile === undefined ? [] : ['--log-file', logFile]),
    ...(pidFile === undefined ? [] : ['--pid-file', pidFile]),
    ...(platform === undefined ? [] : ['--platform', platform]),
  ]
}

/** Ours, without the marks of a ship: a ship may have called `keelan`, and the helper must not be taken for a part of it. */
function helperEnvironment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { KEELAN_SHIP: _ship, KEELAN_SHIM: _shim, ...env } = process.env
  // First, where the shim of a ship that starts a helper looks for it: what is so marked is no part of the ship.
  return { KEELAN_PART: 'helper', ...env, BASE_DIRECTORY: baseDirectory().base, ...more }
}

/** null: it cannot be written, which the helper will say itself. */
function openLog(file: string): number | null {
  try {
    makeFolder(dirname(file))
    return openSync(file, 'a', 0o600)
  } catch {
    return null
  }
}

type Answer = { ready: true; pid: number } | { code: string; message: string }

/** What the helper says of its start; null if it died without a word. */
async function firstLine(child: ChildProcess): Promise<Answer | null> {
  const pipe = child.stdio[3]
  if (!pipe || !('setEncoding' in pipe)) return null
  let text = ''
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    pipe.on('data', (chunk: Buffer) => (text += chunk.toString()))
    pipe.once('close', resolve)
  })
  return text.trim() === '' ? null : (JSON.parse(text) as Answer)
}

async function runningHelper(): Promise<number | null> {
  try {
    return (await new KeelanClient(baseDirectory().socket).call('getHelper')).pid
  } catch (error) {
    if (error instanceof KeelanError && error.code !== 'SOCKET_PATH_TOO_LONG') return null
    throw error
  }
}

async function waitForOther(): Promise<number | null> {
  for (const until = performance.now() + otherStartMs; performance.now() < until; await sleep(50)) {
    const pid = await runningHelper()
    if (pid !== null) return pid
  }
  return null
}

async function waitUntilGone(pid: number): Promise<void> {
  while (isThere(pid)) await sleep(10)
}

/** Whether a process has this pid; it was the helper a moment ago, and a zombie of it counts as gone. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    const stat = join('/proc', String(pid), 'stat')
    return !existsSync(stat) || !readFileSync(stat, 'latin1').includes(') Z ')
  } catch {
    return false
  }
}

const isNotRunning = (error: unknown): boolean => error instanceof KeelanError && error.code === 'HELPER_NOT_RUNNING'

function lastLines(file: string): string[] {
  try {
    if (!statSync(file).isFile()) return []
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-10)
  } catch {
    return []
  }
}

import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import type { Ship } from '../../helper/api/ship.ts'
import { baseDirectory, type BaseDirectory } from '../../helper/base-directory.ts'
import { KeelanClient } from '../../helper/client.ts'

/** The built command, as a person calls it. */
export const keelanPath = fileURLToPath(new URL('../../dist/helper/cli/main.js', import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A base directory of its own, with the real command and helper; everything in it is ended when the test is over. */
export interface Workplace {
  readonly paths: BaseDirectory
  /** A folder to work in. */
  readonly folder: string
  readonly client: KeelanClient
  readonly env: NodeJS.ProcessEnv
  /** Runs `keelan ARGS` and says what came of it. */
  keelan(args: readonly string[], options?: { env?: NodeJS.ProcessEnv; cwd?: string }): Promise<Outcome>
  /** Runs `keelan ARGS`, which must succeed, and gives its output. */
  ok(...args: string[]): Promise<string>
  ship(name: string): Promise<Ship>
  /** Waits until a ship is in this state. */
  until(name: string, status: Ship['status']): Promise<Ship>
  /** Waits until the log of a ship matches. */
  untilLog(name: string, pattern: RegExp): Promise<string>
  logOf(name: string): string
  helperPid(): number
  /** SIGKILL to the helper; returns once it is gone. */
  killHelper(): Promise<void>
}

export function workplace({ env = {} }: { env?: NodeJS.ProcessEnv } = {}): Workplace {
  const root = mkdtempSync(join(tmpdir(), 'keelan-'))
  const folder = join(root, 'work')
  mkdirSync(folder)
  const { BASE_DIRECTORY: _base, NO_COLOR: _color, FORCE_COLOR: _force, ...inherited } = process.env
  const environment: NodeJS.ProcessEnv = { ...inherited, BASE_DIRECTORY: join(root, 'base'), ...env }
  const paths = baseDirectory(environment)
  const client = new KeelanClient(paths.socket)

  const keelan: Workplace['keelan'] = (args, options = {}) =>
    new Promise((resolve) => {
      const settings = {
        cwd: options.cwd ?? folder,
        env: { ...environment, ...options.env },
        maxBuffer: 512 * 1_024 * 1_024,
      }
      const child = execFile(process.execPath, [keelanPath, ...args], settings, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      )
    })
  const ok: Workplace['ok'] = async (...args) => {
    const outcome = await keelan(args)
    expect(outcome, `keelan ${args.join(' ')}`).toMatchObject({ code: 0 })
    return outcome.stdout
  }
  const ship: Workplace['ship'] = async (name) => (await client.call('getShip', { params: { name } })).ship
  const helperPid = (): number => Number(readFileSync(paths.defaultPidFile, 'utf8'))
  const logOf = (name: string): string => readFileSync(join(paths.shipLogs, `${name}.log`), 'utf8')

  onTestFinished(async () => {
    // Whatever the test did to the helper, the ships must not outlive it.
    await keelan(['daemon', 'start'])
    const stopped = await keelan(['daemon', 'stop', '--ships'])
    rmSync(root, { recursive: true, force: true })
    expect(stopped, 'cleaning up').toMatchObject({ code: 0 })
  })

  return {
    paths,
    folder,
    client,
    env: environment,
    keelan,
    ok,
    ship,
    helperPid,
    logOf,
    until: (name, status) =>
      expect
        .poll(() => ship(name), { timeout: 20_000 })
        .toMatchObject({ status })
        .then(() => ship(name)),
    untilLog: (name, pattern) =>
      expect
        .poll(() => tryRead(() => logOf(name)), { timeout: 20_000 })
        .toMatch(pattern)
        .then(() => logOf(name)),
    killHelper: async () => {
      const pid = helperPid()
      process.kill(pid, 'SIGKILL')
      await expect.poll(() => isThere(pid)).toBe(false)
    },
  }
}

const tryRead = (read: () => string): string => {
  try {
    return read()
  } catch {
    return ''
  }
}

/** Whether a process lives; a zombie does not. */
export function isThere(pid: number): boolean {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  return stat !== '' && !stat.slice(stat.lastIndexOf(')')).startsWith(') Z')
}

/** A process that has nothing to do with Keelan; ended when the test is over. */
export function bystander(): { pid: number; startTime: string } {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true })
  onTestFinished(() => void child.kill('SIGKILL'))
  const pid = child.pid ?? 0
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return { pid, startTime: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '' }
}

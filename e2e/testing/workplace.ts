import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, onTestFinished } from 'vitest'
import type { Run, Ship } from '../../helper/api/ship.ts'
import { baseDirectory, type BaseDirectory } from '../../helper/base-directory.ts'
import { KeelanClient } from '../../helper/client.ts'
import { launch, type Outcome, run, type Running } from './commands.ts'
import { environmentOf, isThere, killIfThere, processesIn, processesWhere, workingFolderOf } from './processes.ts'

export { bystander, isThere } from './processes.ts'

/** The built command, as a person calls it. */
export const keelanPath = fileURLToPath(new URL('../../dist/helper/cli/main.js', import.meta.url))

/** A base directory of its own, with the real command and helper; everything in it is ended when it is left. */
export interface Workplace {
  readonly paths: BaseDirectory
  /** A folder to work in. */
  readonly folder: string
  readonly client: KeelanClient
  readonly env: NodeJS.ProcessEnv
  /** Runs `keelan ARGS` and says what came of it. */
  readonly keelan: (args: readonly string[], options?: { env?: NodeJS.ProcessEnv; cwd?: string }) => Promise<Outcome>
  /** Runs `keelan ARGS`, which must succeed, and gives its output. */
  readonly ok: (...args: string[]) => Promise<string>
  /** Starts `keelan ARGS` and leaves it running. */
  readonly launch: (...args: string[]) => Running
  /** What `keelan ARGS --json` prints. */
  readonly json: <T>(...args: string[]) => Promise<T>
  /** Writes a file in the folder to work in and gives its path. */
  readonly write: (name: string, content: string, mode?: number) => string
  readonly ship: (name: string) => Promise<Ship>
  /** All runs of a ship, newest first. */
  readonly runs: (name: string) => Promise<Run[]>
  /** Waits until a ship is in this state. */
  readonly until: (name: string, status: Ship['status']) => Promise<Ship>
  /** Waits until the log of a ship matches. */
  readonly untilLog: (name: string, pattern: RegExp) => Promise<string>
  readonly logOf: (name: string) => string
  readonly helperLog: () => string
  readonly helperPid: () => number
  /** SIGKILL to the helper; returns once it is gone. */
  readonly killHelper: () => Promise<void>
  /** Every process that carries the mark of a ship. */
  readonly processesOf: (name: string) => number[]
  /** The shims of a ship that live. */
  readonly shimsOf: (name: string) => number[]
}

interface Options {
  /** On top of that of the tests; may be made from the folder to work in. */
  readonly env?: NodeJS.ProcessEnv | ((folder: string) => NodeJS.ProcessEnv)
  /** Words before `keelan`: `setpriv …` or `nsenter …`. */
  readonly wrap?: readonly string[]
}

/** A workplace for the test that asks for it. */
export function workplace(options: Options = {}): Workplace {
  const { place, leave } = makeWorkplace(options)
  onTestFinished(leave)
  return place
}

/** One for all tests of a file, each with ships of its own name: a helper takes half a second to start. */
export function sharedWorkplace(options: Options = {}): Workplace {
  const { place, leave } = makeWorkplace(options)
  afterAll(leave)
  return place
}

/** Waits for a condition: `await eventually(() => …).toBe(…)`. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000, interval: 20 })

function makeWorkplace({ env = {}, wrap = [] }: Options): { place: Workplace; leave: () => Promise<void> } {
  const root = mkdtempSync(join(tmpdir(), 'keelan-'))
  const folder = join(root, 'work')
  mkdirSync(folder)
  const { BASE_DIRECTORY: _base, NO_COLOR: _color, FORCE_COLOR: _force, LOGLEVEL: _level, ...inherited } = process.env
  const own = typeof env === 'function' ? env(folder) : env
  // What fails in a test is not told on the desktop of whoever runs it.
  const noDesktop = { DBUS_SESSION_BUS_ADDRESS: 'disabled:' }
  const environment: NodeJS.ProcessEnv = { ...inherited, ...noDesktop, BASE_DIRECTORY: join(root, 'base'), ...own }
  const paths = baseDirectory(environment)
  const client = new KeelanClient(paths.socket)
  const words = [...wrap, keelanPath]

  const keelan: Workplace['keelan'] = (args, options = {}) =>
    run([...words, ...args], { cwd: options.cwd ?? folder, env: { ...environment, ...options.env } })
  const ok: Workplace['ok'] = async (...args) => {
    const outcome = await keelan(args)
    expect(outcome, `keelan ${args.join(' ')}`).toMatchObject({ code: 0 })
    return outcome.stdout
  }
  const ship: Workplace['ship'] = async (name) => (await client.call('getShip', { params: { name } })).ship
  const helperPid = (): number => Number(readFileSync(paths.defaultPidFile, 'utf8'))
  const logOf = (name: string): string => readFileSync(join(paths.shipLogs, `${name}.log`), 'utf8')

  const place: Workplace = {
    paths,
    folder,
    client,
    env: environment,
    keelan,
    ok,
    launch: (...args) => launch([...words, ...args], { cwd: folder, env: environment }),
    json: async <T>(...args: string[]) => JSON.parse(await ok(...args, '--json')) as T,
    write: (name, content, mode = 0o644) => {
      writeFileSync(join(folder, name), content, { mode })
      return join(folder, name)
    },
    ship,
    runs: async (name) => (await client.call('listRuns', { params: { name } })).runs,
    helperPid,
    logOf,
    helperLog: () => readFileSync(paths.defaultLogFile, 'utf8'),
    until: async (name, status) => {
      await eventually(() => ship(name)).toMatchObject({ status })
      return ship(name)
    },
    untilLog: async (name, pattern) => {
      await eventually(() => tryRead(() => logOf(name))).toMatch(pattern)
      return logOf(name)
    },
    killHelper: async () => {
      const pid = helperPid()
      process.kill(pid, 'SIGKILL')
      await eventually(() => isThere(pid)).toBe(false)
    },
    processesOf: (name) =>
      processesWhere((pid) => {
        const { KEELAN_SHIP, BASE_DIRECTORY } = environmentOf(pid)
        return KEELAN_SHIP === name && BASE_DIRECTORY === paths.base
      }),
    shimsOf: (name) => processesWhere((pid) => workingFolderOf(pid).startsWith(join(paths.shipRuns, name, '/'))),
  }

  // The base may have been moved elsewhere.
  const left = (): number[] => [...new Set([...processesIn(root), ...processesIn(paths.base)])]
  async function leave(): Promise<void> {
    let stopped = await keelan(['daemon', 'stop', '--ships'])
    // Whatever the test did to the helper, the ships must not outlive it.
    if (stopped.code === 3 && left().length > 0) {
      await keelan(['daemon', 'start'])
      stopped = await keelan(['daemon', 'stop', '--ships'])
    }
    // A shim writes its last word a moment before it ends.
    for (let n = 0; n < 200 && left().length > 0; n += 1) await sleep(20)
    const stubborn = left()
    for (const pid of stubborn) killIfThere(pid)
    rmSync(root, { recursive: true, force: true })
    expect(stubborn, 'processes left behind').toEqual([])
    expect([0, 3], `cleaning up: ${stopped.stderr}`).toContain(stopped.code)
  }
  return { place, leave }
}

const tryRead = (read: () => string): string => {
  try {
    return read()
  } catch {
    return ''
  }
}

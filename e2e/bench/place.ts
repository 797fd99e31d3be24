import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { baseDirectory, type BaseDirectory } from '../../helper/base-directory.ts'
import { KeelanClient } from '../../helper/client.ts'
import { atEnd } from './cleanup.ts'
import { kill, startTimeOf } from './processes.ts'
import { journalsIn } from './journals.ts'

/** The built command, seen from where the build puts this file. */
const keelanPath = fileURLToPath(new URL('../../../helper/cli/main.js', import.meta.url))

export interface Timed {
  readonly stdout: string
  /** From before the process is made until it has ended. */
  readonly ms: number
}

/** A base directory of its own, with the built command and a helper. */
export interface Place {
  readonly folder: string
  readonly paths: BaseDirectory
  readonly client: KeelanClient
  /** Runs `keelan ARGS`, which must succeed. */
  keelan(...args: string[]): Promise<Timed>
  /** Runs `node ARGS` in the same surroundings. */
  node(...args: string[]): Promise<Timed>
  helperPid(): number
  /** SIGKILL to the helper; returns once it is gone. */
  killHelper(): Promise<void>
  /** Ends everything that was started here. */
  close(): Promise<void>
}

/** Makes a place; `node` is the binary that runs command and helper. */
export function openPlace(name: string, { node = process.execPath }: { node?: string } = {}): Place {
  const root = mkdtempSync(join(tmpdir(), `keelan-bench-${name}-`))
  const folder = join(root, 'work')
  mkdirSync(folder)
  const env = { ...process.env, BASE_DIRECTORY: join(root, 'base') }
  const paths = baseDirectory(env)

  const runNode = (...args: string[]): Promise<Timed> =>
    new Promise((resolve, reject) => {
      const from = performance.now()
      execFile(node, args, { cwd: folder, env, maxBuffer: 16 * 1_048_576 }, (error, stdout, stderr) => {
        const ms = performance.now() - from
        if (error) reject(new Error(`${args.join(' ')} failed: ${stderr || error.message}`))
        else resolve({ stdout, ms })
      })
    })
  const keelan = (...args: string[]): Promise<Timed> => runNode(keelanPath, ...args)
  const helperPid = (): number => Number(readFileSync(paths.defaultPidFile, 'utf8'))

  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    // A helper that was killed is needed once more, for its ships.
    await keelan('daemon', 'start').catch(() => {})
    await keelan('daemon', 'stop', '--ships').catch(() => endByJournals(paths))
    rmSync(root, { recursive: true, force: true })
  }
  atEnd(close)

  return {
    folder,
    paths,
    client: new KeelanClient(paths.socket),
    keelan,
    node: runNode,
    helperPid,
    killHelper: async () => {
      const pid = helperPid()
      const startTime = startTimeOf(pid)
      kill(pid, 'SIGKILL')
      while (startTime !== null && startTimeOf(pid) === startTime) await sleep(5)
    },
    close,
  }
}

/** The way out when the helper itself cannot do it: shims first, so that no ship comes back. */
function endByJournals(paths: BaseDirectory): void {
  const journals = journalsIn(paths.shipRuns)
  for (const { shim } of journals) if (startTimeOf(shim.pid) === shim.startTime) kill(shim.pid, 'SIGKILL')
  for (const { ship } of journals) if (ship && startTimeOf(ship.pid) === ship.startTime) kill(-ship.pid, 'SIGKILL')
  kill(Number(readFileSync(paths.defaultPidFile, 'utf8')), 'SIGKILL')
}

/** Writes a Keelanfile into the place; YAML takes JSON as it is. */
export function writeKeelanfile(place: Place, ships: Record<string, object>): void {
  // Every death in a benchmark is meant: none is one too many, and none makes the next start wait.
  const defaults = { max_restarts: 'unlimited', backoff: { reset_after: '1ms' } }
  writeFileSync(join(place.folder, 'Keelanfile.yml'), JSON.stringify({ defaults, ships }))
}

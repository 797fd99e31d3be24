import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { asNobodyElse, killStrays, nobodyElse } from './machine.ts'

/** What a ship's spec says; what is left out gets a harmless value. Times in ms. */
export interface ShipSpec {
  args: readonly string[]
  /** `NAME=VALUE`. PATH and the mark by which strays are found are added, unless `bareEnvironment`. */
  env?: readonly string[]
  bareEnvironment?: boolean
  cwd?: string
  log?: string
  logStderr?: string
  user?: string
  group?: string
  root?: string
  nice?: number
  limits?: readonly string[]
  restart?: 'always' | 'on-failure' | 'no'
  delays?: readonly number[]
  resetAfterMs?: number
  maxRestarts?: number | 'unlimited'
  windowMs?: number
  stopSignal?: number
  stopTimeoutMs?: number
}

export interface JournalLine {
  number: number
  wallMs: number
  bootMs: number
  kind: string
  words: string[]
}

export interface ShimExit {
  code: number | null
  signal: NodeJS.Signals | null
}

const buildScript = fileURLToPath(new URL('../../scripts/build-shim.mjs', import.meta.url))
const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** Builds the shim if needed, and says where it is. */
export function buildShim(): string {
  execFileSync(process.execPath, [buildScript], { stdio: ['ignore', 'inherit', 'inherit'] })
  return join(projectRoot, 'dist/helper/shim/keelan-shim')
}

/** Builds a shim of its own to `output`, with a compiler and flags of its own. */
export function buildShimTo(output: string, compiler: string, flags: string): string {
  const env = { ...process.env, CC: compiler, CFLAGS: flags }
  execFileSync(process.execPath, [buildScript, '--output', output], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  return output
}

/** Waits until `look` finds something. The limit only ends tests that would hang; no test depends on how fast it is. */
export async function until<T>(
  what: string | (() => string),
  look: () => T | undefined | false | null,
  limitMs = 20_000,
): Promise<T> {
  for (const end = Date.now() + limitMs; ;) {
    const found = look()
    if (found !== undefined && found !== false && found !== null) return found
    if (Date.now() > end) throw new Error(`waited in vain for ${typeof what === 'string' ? what : what()}`)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}

/** The spec file's text, as PROTOCOL.md has it. */
export function specText(spec: ShipSpec, base: string): string {
  const env = spec.bareEnvironment
    ? (spec.env ?? [])
    : [`PATH=${process.env['PATH']}`, `KEELAN_TEST=${base}`, ...(spec.env ?? [])]
  const optional = (key: string, value: string | number | undefined) => (value === undefined ? [] : [`${key}=${value}`])
  const fields = [
    'format=1',
    ...spec.args.map((arg) => `arg=${arg}`),
    ...env.map((variable) => `env=${variable}`),
    `cwd=${spec.cwd ?? '/'}`,
    `log=${spec.log ?? join(base, 'log')}`,
    ...optional('log-stderr', spec.logStderr),
    ...optional('user', spec.user),
    ...optional('group', spec.group),
    ...optional('root', spec.root),
    ...optional('nice', spec.nice),
    ...(spec.limits ?? []).map((limit) => `limit=${limit}`),
    `restart=${spec.restart ?? 'always'}`,
    `delays=${(spec.delays ?? [0]).join(',')}`,
    `reset-after=${spec.resetAfterMs ?? 60_000}`,
    `max-restarts=${spec.maxRestarts ?? 'unlimited'}`,
    `window=${spec.windowMs ?? 60_000}`,
    `stop-signal=${spec.stopSignal ?? 15}`,
    `stop-timeout=${spec.stopTimeoutMs ?? 10_000}`,
  ]
  return fields.map((field) => `${field}\0`).join('')
}

/** The journal's lines as a reader takes them: what does not parse is skipped, and each number taken once. */
export function parseJournal(text: string): JournalLine[] {
  const lines: JournalLine[] = []
  for (const line of text.split('\n')) {
    const match = /^(\d+) (\d+) (\d+) (\S+) ((?:\S+ )*)\.$/.exec(line)
    if (!match || lines.some((known) => known.number === Number(match[1]))) continue
    const words = match[5]!.split(' ').slice(0, -1)
    lines.push({ number: Number(match[1]), wallMs: Number(match[2]), bootMs: Number(match[3]), kind: match[4]!, words })
  }
  return lines
}

export class Shim {
  readonly base: string
  /** Where the test sees the shim's folder; changed by tests that move it. */
  folder: string
  readonly process: ChildProcess
  readonly exited: Promise<ShimExit>
  exit: ShimExit | undefined
  errors = ''

  constructor(base: string, folder: string, child: ChildProcess) {
    this.base = base
    this.folder = folder
    this.process = child
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text))
    this.exited = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolve((this.exit = { code, signal })))
    })
  }

  get pid(): number {
    return this.process.pid!
  }

  lines(): JournalLine[] {
    try {
      return parseJournal(readFileSync(join(this.folder, 'journal'), 'utf8'))
    } catch {
      return []
    }
  }

  /** What happened, without numbers and times: `['exit', '3', …]`. */
  events(...kinds: string[]): string[] {
    const lines = this.lines().filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    return lines.map(({ kind, words }) => [kind, ...words].join(' '))
  }

  /** Waits for the `nth` line of this kind. */
  line(kind: string, nth = 1): Promise<JournalLine> {
    const what = () => `line ${nth} of ${kind}; the journal ends: ${this.events().slice(-5).join(' | ')}`
    return until(what, () => this.lines().filter((line) => line.kind === kind)[nth - 1])
  }

  /** Waits until the ship runs for the `nth` time; its pid. */
  async running(nth = 1): Promise<number> {
    return Number((await this.line('running', nth)).words[0])
  }

  /** What the ship wrote; empty if it has no log yet. */
  log(): string {
    try {
      return readFileSync(join(this.base, 'log'), 'utf8')
    } catch {
      return ''
    }
  }

  /** Wishes the ship down, and wakes the shim until it is gone; the words of its last line. */
  async down(graceMs?: number): Promise<string> {
    writeFileSync(join(this.folder, 'down'), graceMs === undefined ? '' : String(graceMs))
    await until('the shim to stop', () => {
      // Before its first line stands, SIGUSR1 would end it; until then it looks for the wish by itself.
      if (this.lines().length > 0) this.signal('SIGUSR1')
      this.signal('SIGCONT')
      return this.exit
    })
    return this.events().at(-1) ?? ''
  }

  /** To the shim alone, while it is there. */
  signal(signal: NodeJS.Signals | number): void {
    if (this.process.exitCode === null && this.process.signalCode === null) process.kill(this.pid, signal)
  }
}

const bases: string[] = []
const shims: Shim[] = []
let built: string | undefined

/** A temporary folder that is removed after the test. */
export function temporaryFolder(): string {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'keelan-shim-')))
  bases.push(base)
  return base
}

export interface StartOptions {
  /** Another build of the shim. */
  binary?: string
  /** A command in front of it, such as `setpriv`, that ends in an exec. */
  through?: readonly string[]
  /** Run it as a user who owns nothing but its folder. */
  unprivileged?: boolean
  /** The folder of a ship that has shims already, or one prepared by the test. */
  base?: string
  id?: string
  env?: NodeJS.ProcessEnv
}

/** Makes a folder and its spec, and starts a shim there. */
export function startShim(spec: ShipSpec | string, options: StartOptions = {}): Shim {
  const base = options.base ?? temporaryFolder()
  const id = options.id ?? 'id-1'
  const folder = join(base, id)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'spec'), typeof spec === 'string' ? spec : specText(spec, base), { mode: 0o600 })
  let binary = options.binary ?? (built ??= buildShim())
  if (options.unprivileged) binary = handOver(base, folder, binary)
  const [command, ...args] = [...(options.through ?? []), ...(options.unprivileged ? asNobodyElse : []), binary, id]
  return watchShim(
    base,
    folder,
    spawn(command!, args, {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], ...options.env },
    }),
  )
}

/** Gives the folders to the user that `asNobodyElse` is, with a copy of the shim, as that user may not see the checkout. */
function handOver(base: string, folder: string, binary: string): string {
  const copy = join(base, 'keelan-shim')
  copyFileSync(binary, copy)
  chmodSync(copy, 0o755)
  for (const path of [base, folder, join(folder, 'spec')]) chownSync(path, nobodyElse.uid, nobodyElse.gid)
  return copy
}

/** Takes charge of a shim that was started by other means. */
export function watchShim(base: string, folder: string, child: ChildProcess): Shim {
  const shim = new Shim(base, folder, child)
  shims.push(shim)
  return shim
}

/** For `afterEach`: ends every shim of the test, then whatever a killed shim left, and removes the folders. */
export async function cleanUp(): Promise<void> {
  for (const shim of shims.splice(0)) {
    if (shim.exit) continue
    await shim.down(0).catch(() => shim.signal('SIGKILL'))
    await shim.exited
  }
  for (const base of bases.splice(0)) {
    killStrays(base)
    rmSync(base, { recursive: true, force: true })
  }
}

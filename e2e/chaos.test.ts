import { setTimeout as sleep } from 'node:timers/promises'
import { open } from 'sqlite'
import sqlite3 from 'sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import type { ShipDefinition } from '../helper/api/definition.ts'
import { KeelanError } from '../helper/api/errors.ts'
import type { Run, Ship } from '../helper/api/ship.ts'
import { toDefinition } from '../helper/keelanfile/to-definition.ts'
import { commandOf, environmentOf, processesIn, processesWhere, workingFolderOf } from './testing/processes.ts'
import { eventually, isThere, type Workplace, workplace } from './testing/workplace.ts'

/** Everything at once, for a while; then what always holds must hold. Chance comes from KEELAN_CHAOS_SEED, which is printed. */

const chaosMs = 25_000
const clients = 6
/** No request may take longer, whatever is killed meanwhile, in ms. */
const longestRequestMs = 30_000
/** A helper learns by its sweep alone that a shim which it did not spawn itself was killed. */
const sweepsOften = ['--interval', '1']

const names = Array.from({ length: 12 }, (_, index) => `ship${index}`)

const commands: readonly ShipDefinition['command'][] = [
  ['sleep', '1000'],
  'sleep 0.2; exit 7',
  'sleep 0.3; exit 0',
  "trap '' TERM; while :; do sleep 0.1; done",
  "trap 'sleep 0.2; exit 3' TERM; while :; do sleep 0.05; done",
  '(setsid sleep 1000 &); sleep 1000 & wait',
  ['/there/is/no/such/program'],
]

/** What a request may meet while the helper is killed and others ask as well. */
const allowed = new Set<string>([
  'HELPER_NOT_RUNNING',
  'HELPER_WENT_AWAY',
  'HELPER_NOT_ANSWERING',
  'HELPER_STOPPING',
  'SHIP_NOT_FOUND',
  'SHIP_EXISTS',
  'FAILED_TO_START',
])

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

class Chaos {
  /** What must not happen, as it was met. */
  readonly problems: string[] = []
  readonly seqs: number[] = []
  readonly #place: Workplace
  readonly #random: () => number
  readonly #outcomes = new Map<string, number>()
  readonly #until = performance.now() + chaosMs
  readonly #following = new AbortController()
  #followed = Promise.resolve()
  /** Ships of which something was stopped with SIGSTOP. */
  readonly #frozen = new Set<string>()
  readonly #stopped = new Set<number>()
  /** Each run as it was once it had ended. */
  readonly #ends = new Map<number, string>()

  constructor(place: Workplace, seed: number) {
    this.#place = place
    this.#random = randomFrom(seed)
  }

  /** Asks, kills and follows until the time is over; afterwards a helper runs and nothing is frozen. */
  async run(): Promise<void> {
    this.#followed = this.#follow()
    onTestFinished(() => this.#following.abort())
    await Promise.all([...Array.from({ length: clients }, () => this.#ask()), this.#killHelpers(), this.#killShips()])
    for (const pid of this.#stopped) signal(pid, 'SIGCONT')
    await this.#place.ok('daemon', 'start', ...sweepsOften)
  }

  async endFollowing(): Promise<void> {
    this.#following.abort()
    await this.#followed
  }

  outcomesInWords(): string {
    const lines = [...this.#outcomes].map(([what, count]) => `${what}: ${count}`)
    return lines.sort((a, b) => (a < b ? -1 : 1)).join(', ')
  }

  /** What does not fit together right now; while ships start and end, that may be so for a moment. */
  async disagreements(): Promise<string[]> {
    const found: string[] = []
    const { ships, seq } = await this.#place.client.call('listShips')
    const living = this.#processes()
    for (const ship of ships) found.push(...(await this.#disagreementsOf(ship, living)))
    const known = new Set(ships.map(({ name }) => name))
    for (const { pid, name } of living)
      if (!known.has(name)) found.push(`${name}: does not exist, but lives: ${pid} ${commandOf(pid)}`)
    for (const name of names.filter((each) => !known.has(each)))
      for (const pid of this.#place.shimsOf(name)) found.push(`${name}: does not exist, but its shim lives: ${pid}`)
    if ((this.seqs.at(-1) ?? 0) < seq) found.push(`the follower is at ${this.seqs.at(-1)} instead of ${seq}`)
    return found
  }

  /** A run that has ended stays as it ended. */
  noteRuns(runs: readonly Run[]): void {
    for (const run of runs) {
      const before = this.#ends.get(run.id)
      const now = JSON.stringify(run)
      if (before !== undefined && before !== now) this.problems.push(`${run.ship}: run ${before} became ${now}`)
      if (run.endedAt !== null) this.#ends.set(run.id, now)
    }
  }

  async #disagreementsOf(ship: Ship, living: readonly Living[]): Promise<string[]> {
    const { name, status, pid, reason } = ship
    const found: string[] = []
    const own = living.filter((each) => each.name === name)
    const shims = this.#place.shimsOf(name)
    const { runs } = await this.#place.client.call('listRuns', { params: { name }, query: { limit: 1_000 } })
    this.noteRuns(runs)
    const opened = runs.filter(({ endedAt }) => endedAt === null)
    const seen = own.map((each) => `${each.pid} (shim ${each.shimId}) ${commandOf(each.pid)}`).join(', ')
    if (new Set(own.map(({ shimId }) => shimId)).size > 1) found.push(`two trees: ${seen}`)
    if (shims.length > 1) found.push(`two shims: ${shims.join(', ')}`)
    if (status === 'starting' || status === 'stopping') found.push(`is ${status}`)
    if (status === 'running' && !own.some((each) => each.pid === pid)) found.push(`runs as ${pid}, but lives: ${seen}`)
    if (status === 'running' && ship.wish === 'down') found.push('runs, but is wished down')
    if ((status === 'stopped' || status === 'failed') && own.length + shims.length > 0)
      found.push(`is ${status} (${reason}), but lives: ${seen}, shims ${shims.join(', ')}`)
    if (status === 'backoff' && Date.parse(ship.nextStartAt) < Date.now() - 2_000)
      found.push(`was to start at ${ship.nextStartAt}`)
    const wanted = status === 'running' ? [pid] : []
    if (opened.map((run) => run.pid).join() !== wanted.join())
      found.push(`is ${status} as ${pid}, but open runs are ${JSON.stringify(opened)}`)
    return found.map((words) => `${name}: ${words}`)
  }

  #processes(): Living[] {
    return processesWhere((pid) => environmentOf(pid)['BASE_DIRECTORY'] === this.#place.paths.base).flatMap((pid) => {
      const { KEELAN_SHIP: name, KEELAN_SHIM: shimId } = environmentOf(pid)
      return name !== undefined && shimId !== undefined ? [{ pid, name, shimId }] : []
    })
  }

  get #isOver(): boolean {
    return performance.now() > this.#until
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)]!
  }

  #pause(longestMs: number): Promise<void> {
    return sleep(this.#random() * longestMs)
  }

  #definition(name: string): ShipDefinition {
    const said = new Map<string, unknown>([
      ['command', this.#pick(commands)],
      ['restart', this.#pick(['always', 'on-failure', 'no'])],
      ['backoff.initial', 50],
      ['backoff.max', 500],
      ['backoff.reset_after', 1_000],
      ['max_restarts', this.#pick([3, 'unlimited'])],
      ['stop_timeout', this.#pick([200, 500])],
    ])
    const result = toDefinition(name, said, { folder: '/', home: '/' })
    if (result.problems) throw new Error(JSON.stringify(result.problems))
    return result.definition
  }

  async #ask(): Promise<void> {
    while (!this.#isOver) {
      const name = this.#pick(names)
      const [word, work] = this.#request(name)
      const limit = AbortSignal.timeout(longestRequestMs)
      const outcome = await work(limit).then(
        () => 'ok',
        (error: unknown) => this.#failure(`${word} ${name}`, name, error),
      )
      this.#outcomes.set(`${word} ${outcome}`, (this.#outcomes.get(`${word} ${outcome}`) ?? 0) + 1)
      await this.#pause(outcome === 'HELPER_NOT_RUNNING' ? 200 : 60)
    }
  }

  #failure(what: string, name: string, error: unknown): string {
    const code = error instanceof KeelanError ? error.code : String(error)
    // A ship that is frozen over and over may outlast even the longest grace.
    const isExcused = code === 'STOP_INCOMPLETE' && this.#frozen.has(name)
    if (!allowed.has(code) && !isExcused) this.problems.push(`${what}: ${code}: ${String(error)}`)
    return code
  }

  #request(name: string): [string, (limit: AbortSignal) => Promise<unknown>] {
    const { client, paths } = this.#place
    const shellEnvironment = { PATH: process.env['PATH'] ?? '', BASE_DIRECTORY: paths.base }
    const apply = (ships: ShipDefinition[], replace: boolean) => (limit: AbortSignal) =>
      client.call('applyShips', { body: { ships, replace, shellEnvironment } }, limit)
    const params = { name }
    const grace = this.#random() < 0.3 ? { graceMs: 0 } : {}
    switch (this.#pick(['deploy', 'deploy', 'start', 'start', 'stop', 'restart', 'remove', 'up', 'ls', 'history'])) {
      case 'deploy':
        return ['deploy', apply([this.#definition(name)], this.#random() < 0.7)]
      case 'up': {
        const several = new Set([name, this.#pick(names), this.#pick(names)])
        return [
          'up',
          apply(
            [...several].map((each) => this.#definition(each)),
            true,
          ),
        ]
      }
      case 'start':
        return ['start', (limit) => client.call('startShip', { params }, limit)]
      case 'stop':
        return ['stop', (limit) => client.call('stopShip', { params, body: grace }, limit)]
      case 'restart':
        return ['restart', (limit) => client.call('restartShip', { params, body: grace }, limit)]
      case 'remove':
        return ['remove', (limit) => client.call('removeShip', { params }, limit)]
      case 'ls':
        return ['ls', (limit) => client.call('listShips', {}, limit)]
      default:
        return ['history', async (limit) => this.noteRuns((await client.call('listRuns', { params }, limit)).runs)]
    }
  }

  async #killHelpers(): Promise<void> {
    const { paths, keelan } = this.#place
    while (!this.#isOver) {
      await this.#pause(3_000)
      const pids = processesWhere(
        (pid) => commandOf(pid).includes('helper/daemon.js') && environmentOf(pid)['BASE_DIRECTORY'] === paths.base,
      )
      for (const pid of pids) signal(pid, 'SIGKILL')
      const { code, stderr } = await keelan(['daemon', 'start', ...sweepsOften])
      if (code !== 0) this.problems.push(`daemon start: ${stderr}`)
    }
  }

  async #killShips(): Promise<void> {
    const { shipRuns } = this.#place.paths
    while (!this.#isOver) {
      await this.#pause(500)
      const shims = names.flatMap((name) => this.#place.shimsOf(name).map((pid) => ({ pid, name })))
      const processes = this.#processes()
      const victims = this.#random() < 0.6 ? shims : processes
      if (victims.length === 0) continue
      const { pid, name } = this.#pick(victims)
      if (this.#random() < 0.7) {
        signal(pid, 'SIGKILL')
        // With its program as well, only what that forked away is left.
        const main = processes.find((each) => each.name === name)
        if (main && this.#random() < 0.5) signal(main.pid, 'SIGKILL')
        continue
      }
      this.#frozen.add(name)
      this.#stopped.add(pid)
      signal(pid, 'SIGSTOP')
      void this.#pause(600).then(() => {
        const isStillOurs = workingFolderOf(pid).startsWith(shipRuns) || environmentOf(pid)['KEELAN_SHIP'] === name
        if (isStillOurs) signal(pid, 'SIGCONT')
      })
    }
  }

  /** Every event once and in order, over all helpers. */
  async #follow(): Promise<void> {
    let last: number | undefined
    try {
      for await (const line of this.#place.client.followEvents({}, this.#following.signal)) {
        if (line.type === 'heartbeat' || line.type === 'usage') continue
        const seq = line.type === 'event' ? line.event.seq : line.seq
        if (line.type === 'snapshot' && last !== undefined)
          this.problems.push(`a second snapshot (reset: ${line.reset}) at ${seq} after ${last}`)
        if (line.type === 'event' && last !== undefined && seq !== last + 1)
          this.problems.push(`event ${seq} came after ${last}`)
        last = seq
        this.seqs.push(seq)
      }
    } catch (error) {
      this.problems.push(`the follower ended: ${String(error)}`)
    }
  }
}

interface Living {
  readonly pid: number
  readonly name: string
  readonly shimId: string
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}

/** What the helper's log says of the ships named, for whoever has to find out. */
function evidence(place: Workplace, problems: readonly string[]): string {
  const concerned = names.filter((name) => problems.some((problem) => new RegExp(`\\b${name}\\b`).test(problem)))
  const lines = place
    .helperLog()
    .split('\n')
    .filter((line) => !line.includes(' debug [api] '))
  const about = (name: string) => lines.filter((line) => new RegExp(`\\b${name}\\b| starts \\(pid`).test(line))
  return concerned.map((name) => [`--- ${name}`, ...about(name).slice(-120)].join('\n')).join('\n')
}

function expectNone(place: Workplace, problems: readonly string[]): void {
  if (problems.length > 0) console.error(`${problems.join('\n')}\n${evidence(place, problems)}`)
  expect(problems).toEqual([])
}

/** Waits until everything has settled and fits together. */
async function settled(place: Workplace, chaos: Chaos): Promise<void> {
  let problems: string[] = []
  try {
    await eventually(async () => (problems = await chaos.disagreements())).toEqual([])
  } catch (error) {
    expectNone(place, problems)
    throw error
  }
}

/** Runs that failed and are part of no incident. */
const failedUnnoticed = `
  SELECT * FROM runs WHERE reason IN ('crashed', 'killed') AND NOT EXISTS (
    SELECT * FROM incidents
    WHERE incidents.ship = runs.ship AND openedAt <= runs.endedAt AND (closedAt IS NULL OR closedAt >= runs.endedAt))`
/** Incidents that nobody was to be told of. */
const untold = `
  SELECT * FROM incidents WHERE NOT EXISTS (SELECT * FROM notices WHERE kind = 'failed' AND incident = incidents.id)`

async function inDatabase(
  place: Workplace,
): Promise<{ integrity: unknown; open: unknown; events: number[]; unnoticed: unknown; untold: unknown }> {
  const connection = await open({ filename: place.paths.database, driver: sqlite3.Database })
  try {
    const events = await connection.all<{ seq: number }[]>('SELECT seq FROM events ORDER BY seq')
    return {
      integrity: await connection.all('PRAGMA integrity_check'),
      open: await connection.all('SELECT * FROM runs WHERE endedAt IS NULL'),
      unnoticed: await connection.all(failedUnnoticed),
      untold: await connection.all(untold),
      events: events.map(({ seq }) => seq),
    }
  } finally {
    await connection.close()
  }
}

test(
  'whatever is asked and killed at the same time, in the end everything fits together and can be stopped',
  { timeout: 240_000 },
  async () => {
    const seed = Number(process.env['KEELAN_CHAOS_SEED'] ?? Date.now() % 1_000_000)
    console.log(`KEELAN_CHAOS_SEED=${seed}`)
    const place = workplace({ env: { LOGLEVEL: 'DEBUG' } })
    await place.ok('daemon', 'start', ...sweepsOften)
    const chaos = new Chaos(place, seed)
    await chaos.run()
    expectNone(place, chaos.problems)
    await settled(place, chaos)
    // The next helper finds the same.
    await place.ok('daemon', 'restart')
    await settled(place, chaos)
    const helper = place.helperPid()
    await place.ok('daemon', 'stop', '--ships')
    expect(isThere(helper)).toBe(false)
    await eventually(() => processesIn(place.paths.base)).toEqual([])
    await chaos.endFollowing()
    expectNone(place, chaos.problems)
    expect(chaos.seqs.length).toBeGreaterThan(100)
    const { integrity, open: stillOpen, events, ...missed } = await inDatabase(place)
    expect(integrity).toEqual([{ integrity_check: 'ok' }])
    expect(stillOpen).toEqual([])
    expect(missed).toEqual({ unnoticed: [], untold: [] })
    expect(events).toEqual(events.map((_, index) => index + 1))
    console.log(chaos.outcomesInWords())
  },
)

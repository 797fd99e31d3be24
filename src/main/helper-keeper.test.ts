import { beforeEach, expect, test } from 'vitest'
import { KeelanError } from '../../helper/api/errors.ts'
import type { HelperInfo } from '../../helper/api/helper.ts'
import type { HelperState } from '../preload/desktop.ts'
import { HelperKeeper, type KeeperEffects } from './helper-keeper.ts'

/** A world in which a helper may run, with a clock that is moved by hand. */
class World {
  helper: HelperInfo | null = null
  /** What the next starts do: a helper of this version, or a fault. Then of version 1.0.0. */
  starts: (string | Error)[] = []
  restartFault: Error | null = null
  /** How a helper that went away ended. */
  ended: 'stopped' | 'died' | 'there' = 'died'
  readonly asked: string[] = []
  readonly states: HelperState[] = []
  readonly gaveUp: string[] = []
  nowMs = 0
  readonly #sleepers: { until: number; wake: () => void }[] = []

  readonly effects: KeeperEffects = {
    find: async () => this.helper,
    start: async (last) => {
      this.asked.push(`start at ${this.nowMs}${last ? ` with ${last.logFile}` : ''}`)
      const next = this.starts.shift() ?? '1.0.0'
      if (next instanceof Error) throw next
      this.helper = helper(next)
    },
    stop: async () => {
      this.asked.push('stop')
      this.helper = null
    },
    restart: async () => {
      this.asked.push('restart')
      this.helper = null
      if (this.restartFault) throw this.restartFault
      this.helper = helper('1.0.0')
    },
    ending: async () => this.ended,
    sleep: (ms, signal) =>
      new Promise((wake) => {
        this.#sleepers.push({ until: this.nowMs + ms, wake })
        signal.addEventListener('abort', () => wake())
      }),
    now: () => this.nowMs,
  }

  readonly keeper = new HelperKeeper(
    '1.0.0',
    this.effects,
    (state) => this.states.push(state),
    (message) => this.gaveUp.push(message),
  )

  /** Lets all that can happen now happen. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
  }

  async pass(ms: number): Promise<void> {
    this.nowMs += ms
    for (const { until, wake } of this.#sleepers) if (until <= this.nowMs) wake()
    await this.settle()
  }

  /** The helper ends by itself, and the keeper hears of it. */
  async dies(how: 'stopped' | 'died' = 'died'): Promise<void> {
    this.helper = null
    this.ended = how
    void this.keeper.lost()
    await this.settle()
  }

  get state(): string {
    return this.keeper.state.state
  }
}

const helper = (version: string): HelperInfo => ({
  version,
  pid: 4711,
  startedAt: '2026-11-22T10:00:00.000Z',
  uptimeSeconds: 1,
  platform: 'console',
  intervalSeconds: 30,
  baseDirectory: '/base',
  socket: '/base/run/keelan.sock',
  database: '/base/keelan.db',
  pidFile: '/base/run/monitor-daemon.pid',
  logFile: '/base/helper.log',
  logFileBytes: 0,
  lastLogLines: [],
  ships: {},
})

let world: World
beforeEach(() => {
  world = new World()
})

test('a helper that runs is taken as it is', async () => {
  world.helper = helper('1.0.0')
  await world.keeper.begin()
  expect(world.keeper.state).toEqual({ state: 'running', version: '1.0.0', newer: false })
  expect(world.asked).toEqual([])
})

test('without a helper one is started, at once', async () => {
  await world.keeper.begin()
  expect(world.state).toBe('running')
  expect(world.asked).toEqual(['start at 0'])
})

test('an older helper is replaced, once', async () => {
  world.helper = helper('0.9.0')
  await world.keeper.begin()
  expect(world.keeper.state).toEqual({ state: 'running', version: '1.0.0', newer: false })
  world.helper = helper('0.9.0')
  world.keeper.connected()
  await world.settle()
  expect(world.keeper.state).toEqual({ state: 'running', version: '0.9.0', newer: false })
  expect(world.asked).toEqual(['restart'])
})

test('an older helper that was ended but could not be replaced is not taken for one stopped on purpose', async () => {
  world.helper = helper('0.9.0')
  world.restartFault = new Error('the disk is full')
  world.keeper.connected()
  await world.settle()
  await world.dies('stopped')
  expect(world.state).toBe('running')
  expect(world.asked).toEqual(['restart', 'start at 0'])
})

test('a newer helper is left alone, and that is said', async () => {
  world.helper = helper('2.0.0')
  await world.keeper.begin()
  expect(world.keeper.state).toEqual({ state: 'running', version: '2.0.0', newer: true })
  expect(world.asked).toEqual([])
})

test('a helper that dies is started again at once, with the options it had', async () => {
  await world.keeper.begin()
  await world.pass(100_000)
  await world.dies()
  expect(world.state).toBe('running')
  expect(world.asked.at(-1)).toBe('start at 100000 with /base/helper.log')
})

test('one that dies again and again is waited for longer each time, and given up after five starts in a minute', async () => {
  await world.keeper.begin()
  for (const delay of [500, 1_000, 2_000, 4_000]) {
    await world.dies()
    expect(world.state).toBe('away')
    await world.pass(delay - 1)
    expect(world.state).toBe('away')
    await world.pass(1)
    expect(world.state).toBe('running')
  }
  await world.dies()
  expect(world.keeper.state).toEqual({
    state: 'gave-up',
    message: 'the helper ended 5 times within a minute; its log is /base/helper.log',
  })
  await world.pass(1_000_000)
  expect(world.asked).toHaveLength(5)
  expect(world.gaveUp).toHaveLength(1)
})

test('starts that are longer ago than a minute count no more', async () => {
  await world.keeper.begin()
  for (let n = 0; n < 10; n += 1) {
    await world.pass(60_000)
    await world.dies()
    expect(world.state).toBe('running')
  }
  expect(world.gaveUp).toEqual([])
})

test('one that cannot be started at all is given up in its own words', async () => {
  world.starts = Array.from({ length: 5 }, () => new Error('the disk is full'))
  const begun = world.keeper.begin()
  await world.settle()
  for (const delay of [500, 1_000, 2_000, 4_000]) await world.pass(delay)
  await begun
  expect(world.keeper.state).toEqual({ state: 'gave-up', message: 'the disk is full' })
  expect(world.asked).toEqual(['start at 0', 'start at 500', 'start at 1500', 'start at 3500', 'start at 7500'])
  expect(world.gaveUp).toEqual(['the disk is full'])
})

test('one that was given up is picked up when it comes back by itself', async () => {
  world.starts = Array.from({ length: 5 }, () => new Error('the disk is full'))
  const begun = world.keeper.begin()
  await world.settle()
  for (const delay of [500, 1_000, 2_000, 4_000]) await world.pass(delay)
  await begun
  world.helper = helper('1.0.0')
  world.keeper.connected()
  await world.settle()
  expect(world.state).toBe('running')
})

test('one that was stopped on purpose stays stopped', async () => {
  await world.keeper.begin()
  await world.dies('stopped')
  expect(world.state).toBe('stopped')
  await world.pass(1_000_000)
  expect(world.asked).toEqual(['start at 0'])
})

test('one that was stopped on purpose is picked up when somebody starts it', async () => {
  await world.keeper.begin()
  await world.dies('stopped')
  world.helper = helper('1.0.0')
  world.keeper.connected()
  await world.settle()
  expect(world.state).toBe('running')
})

test('one that was stopped on purpose starts when the person asks for it', async () => {
  await world.keeper.begin()
  await world.dies('stopped')
  await world.keeper.start()
  expect(world.state).toBe('running')
})

test('the person stops it: it stays so, also when the keeper then hears that it is gone', async () => {
  await world.keeper.begin()
  await world.keeper.stop()
  expect(world.state).toBe('stopped')
  await world.dies('stopped')
  expect(world.state).toBe('stopped')
  expect(world.asked).toEqual(['start at 0', 'stop'])
})

test('the person stops it while it is waited for: it is not started', async () => {
  await world.keeper.begin()
  await world.dies()
  expect(world.state).toBe('away')
  await world.keeper.stop()
  await world.pass(1_000_000)
  expect(world.state).toBe('stopped')
  expect(world.asked).toEqual(['start at 0', 'stop'])
})

test('the person starts it while it is waited for: it starts at once, and the count begins anew', async () => {
  await world.keeper.begin()
  await world.dies()
  expect(world.state).toBe('away')
  await world.keeper.start()
  expect(world.state).toBe('running')
  await world.dies()
  expect(world.state).toBe('running')
})

test('somebody else starts it while it is waited for: it is not started a second time', async () => {
  await world.keeper.begin()
  await world.dies()
  world.helper = helper('1.0.0')
  world.keeper.connected()
  await world.settle()
  await world.pass(1_000_000)
  expect(world.state).toBe('running')
  expect(world.asked).toEqual(['start at 0'])
})

test('a start that the person asked for and that fails says so at once', async () => {
  await world.keeper.begin()
  await world.dies('stopped')
  world.starts = [new Error('the disk is full')]
  await expect(world.keeper.start()).rejects.toThrow('the disk is full')
  expect(world.keeper.state).toEqual({ state: 'gave-up', message: 'the disk is full' })
  expect(world.gaveUp).toEqual([])
})

test('a restart that the person asked for is no death', async () => {
  await world.keeper.begin()
  const restarted = world.keeper.restart()
  void world.keeper.lost()
  world.keeper.connected()
  await restarted
  await world.settle()
  expect(world.states.map(({ state }) => state)).toEqual(['running', 'starting', 'running'])
  expect(world.asked).toEqual(['start at 0', 'restart'])
})

test('a restart that fails says so, and is not taken for a stop on purpose', async () => {
  await world.keeper.begin()
  world.restartFault = new Error('the disk is full')
  await expect(world.keeper.restart()).rejects.toThrow('the disk is full')
  expect(world.keeper.state).toEqual({ state: 'gave-up', message: 'the disk is full' })
})

test('a restart by somebody else, which looks like a stop for a moment, is followed', async () => {
  await world.keeper.begin()
  await world.dies('stopped')
  world.helper = helper('1.0.0')
  world.keeper.connected()
  await world.settle()
  expect(world.state).toBe('running')
  expect(world.asked).toEqual(['start at 0'])
})

test('a helper that only lost the connection is taken up again', async () => {
  await world.keeper.begin()
  void world.keeper.lost()
  await world.settle()
  expect(world.state).toBe('running')
  expect(world.asked).toEqual(['start at 0'])
})

test('one that is there but does not answer is not started over and over: the person is told at once', async () => {
  await world.keeper.begin()
  world.starts = [new KeelanError('HELPER_NOT_ANSWERING', 'it is there, but does not answer')]
  await world.dies()
  await world.pass(500)
  expect(world.keeper.state).toEqual({ state: 'gave-up', message: 'it is there, but does not answer' })
  expect(world.gaveUp).toEqual(['it is there, but does not answer'])
  // Thawed, it answers again.
  world.helper = helper('1.0.0')
  world.keeper.connected()
  await world.settle()
  expect(world.state).toBe('running')
})

import { expect, test } from 'vitest'
import type { JournalEntry, JournalLine } from './journal.ts'
import { type Life, takeLines } from './ship-life.ts'
import { definitionOf } from '../api/testing/definition.ts'
import { shimOf, shipOf } from './testing/records.ts'

const surroundings = { helperStartedMs: 0, logGeneration: 1, ranOutOfMemory: () => false }
const usage = { userUs: 1_500, systemUs: 500, peakKib: 4 }

/** Lines numbered from 1, a second apart on both clocks. */
const journal = (...entries: JournalEntry[]): JournalLine[] =>
  entries.map((entry, index) => ({
    number: index + 1,
    wallMs: 1_000_000 + index * 1_000,
    bootMs: index * 1_000,
    ...entry,
  }))

const shim: JournalEntry = { kind: 'shim', bootId: 'b00t', pid: 9, startTime: '90' }
const start: JournalEntry = { kind: 'start', pid: 10, startTime: '100', logOffset: 33 }
const running: JournalEntry = { kind: 'running', pid: 10 }
const exit = (code: number): JournalEntry => ({ kind: 'exit', code, ...usage })
const killed: JournalEntry = { kind: 'signal', signal: 'SIGKILL', coreDumped: false, ...usage }

const life = (change: Partial<Parameters<typeof shipOf>[0]> = {}): Life => ({
  ship: shipOf(change),
  shim: shimOf(),
  run: null,
})

const messages = (told: ReturnType<typeof takeLines>): string[] => told.change.events.map(({ message }) => message)

test('a ship that was started runs, with the position at which its output begins', () => {
  const { life: after } = takeLines(life(), journal(shim, start, running), surroundings)
  expect(after.ship.state).toEqual({ status: 'running', pid: 10, startedAtMs: 1_001_000, startedBootMs: 1_000 })
  expect(after.run).toMatchObject({ process: { pid: 10, startTime: '100' }, logPosition: '1:33', end: null })
  expect(after.shim).toMatchObject({ identity: { bootId: 'b00t', pid: 9, startTime: '90' }, lastLine: 3 })
})

test('a crash is a run with its code, its reason and what it used, and the ship waits to be started again', () => {
  const told = takeLines(life(), journal(shim, start, running, exit(7), { kind: 'wait', ms: 500 }), surroundings)
  expect(told.change.runs?.at(-1)?.end).toMatchObject({
    exitCode: 7,
    signal: null,
    reason: 'crashed',
    message: 'exited with code 7 after 2 s',
    durationMs: 2_000,
    cpuUserMs: 1.5,
    cpuSystemMs: 0.5,
    peakMemoryBytes: 4_096,
    helperAway: false,
  })
  expect(told.life.ship.state).toEqual({
    status: 'backoff',
    nextStartAtMs: 1_004_500,
    reason: 'exited with code 7 after 2 s',
  })
  expect(told.life.run).toBeNull()
})

test('a restart that nobody asked for is counted', () => {
  const again: JournalEntry = { ...start, pid: 11 }
  const told = takeLines(life(), journal(shim, start, running, killed, again), surroundings)
  expect(told.life.ship).toMatchObject({ restarts: 1, lastEnd: { signal: 'SIGKILL', exitCode: null } })
  expect(told.change.runs).toHaveLength(3)
})

test('what ended before the helper was started is marked so', () => {
  const told = takeLines(life(), journal(shim, start, running, killed), { ...surroundings, helperStartedMs: 2_000_000 })
  expect(told.change.runs?.at(-1)?.end).toMatchObject({ helperAway: true, reason: 'killed' })
})

test('a death for want of memory is told as that', () => {
  const starved = { ...surroundings, ranOutOfMemory: () => true }
  const told = takeLines(life(), journal(shim, start, running, killed), starved)
  expect(messages(told).at(-1)).toBe('web was killed by SIGKILL, out of memory, after 2 s')
  expect(told.life.ship.state).toMatchObject({ reason: 'was killed by SIGKILL, out of memory, after 2 s' })
})

test('memory is asked about only where it may be the reason', () => {
  const never = { ...surroundings, ranOutOfMemory: () => expect.unreachable('it was asked') }
  const term: JournalEntry = { kind: 'signal', signal: 'SIGTERM', coreDumped: false, ...usage }
  const stopping = { state: { status: 'stopping', pid: 10, startedAtMs: 0, startedBootMs: 0 } } as const
  takeLines(life(), journal(shim, start, running, exit(137)), never)
  takeLines(life(), journal(shim, start, running, term), never)
  takeLines(life(stopping), journal(shim, start, running, killed), never)
  takeLines(life(), journal(shim, start, running, killed), { ...never, helperStartedMs: 2_000_000 })
})

test('an end while it is being stopped was asked for, whatever its code', () => {
  const stopping = { state: { status: 'stopping', pid: 10, startedAtMs: 0, startedBootMs: 0 } } as const
  const told = takeLines(
    life(stopping),
    journal(shim, start, running, { kind: 'down' }, exit(143), { kind: 'end', reason: 'down' }),
    surroundings,
  )
  expect(told.change.runs?.at(-1)?.end).toMatchObject({ reason: 'asked', exitCode: 143 })
  expect(told.life.ship.state).toEqual({ status: 'stopped', reason: null })
  expect(told.life.shim.ended).toBe(true)
})

test.each([
  [0, 'on-failure', { status: 'stopped', reason: 'ended by itself' }],
  [7, 'no', { status: 'failed', reason: 'exited with code 7 after 2 s, and restart is "no"' }],
] as const)('a ship that ended with code %i and restart "%s" is %o', (code, restart, state) => {
  const ship = { definition: definitionOf({ restart }) }
  const told = takeLines(
    life(ship),
    journal(shim, start, running, exit(code), { kind: 'end', reason: 'done' }),
    surroundings,
  )
  expect(told.life.ship.state).toEqual(state)
})

test('a program that is not there is failed at once, with the reason', () => {
  const failed: JournalEntry = { kind: 'failed-to-start', step: 'exec', errno: 2, final: true }
  const told = takeLines(life(), journal(shim, start, failed, { kind: 'end', reason: 'failed' }), surroundings)
  expect(told.life.ship.state).toEqual({ status: 'failed', reason: 'no such program: /bin/sleep' })
  expect(messages(told)).toEqual(['web could not be started: no such program: /bin/sleep'])
  expect(told.change.runs?.at(-1)?.end).toMatchObject({ reason: 'failed-to-start' })
})

test('giving up says how often it ended within which time, and how the last time', () => {
  const told = takeLines(
    life(),
    journal(
      shim,
      start,
      running,
      exit(1),
      { kind: 'gave-up', count: 11, windowMs: 300_000 },
      { kind: 'end', reason: 'gave-up' },
    ),
    surroundings,
  )
  const reason = 'gave up: ended 11 times within 5 min; the last one exited with code 1 after 2 s'
  expect(told.life.ship.state).toEqual({ status: 'failed', reason })
  expect(messages(told).at(-1)).toBe(`web ${reason}`)
})

test('the same journal gives the same life, in one piece or line by line', () => {
  const lines = journal(shim, start, running, killed, { ...start, pid: 11 }, { ...running, pid: 11 }, exit(0), {
    kind: 'end',
    reason: 'done',
  })
  const whole = takeLines(life(), lines, surroundings)
  let piecewise = life()
  const told = lines.flatMap((line) => {
    const step = takeLines(piecewise, [line], surroundings)
    piecewise = step.life
    return step.change.events
  })
  expect(piecewise).toEqual(whole.life)
  expect(told.map(({ message }) => message)).toEqual(messages(whole))
})

test('a start that was stopped before the program ran leaves no open run behind', () => {
  const stopping = { state: { status: 'stopping', pid: null, startedAtMs: null, startedBootMs: null } } as const
  const told = takeLines(
    life(stopping),
    journal(shim, start, { kind: 'down' }, { kind: 'end', reason: 'down' }),
    surroundings,
  )
  expect(told.life.run).toBeNull()
  expect(told.change.runs?.at(-1)?.end).toMatchObject({ reason: 'asked', exitCode: null, signal: null })
})

test.each<[string, JournalEntry[], string[]]>([
  ['a crash', [exit(7)], ['failed']],
  ['a kill that nobody asked for', [killed], ['failed']],
  ['an end with code 0', [exit(0)], ['completed']],
  ['giving up', [killed, { kind: 'gave-up', count: 6, windowMs: 60_000 }], ['failed', 'gave-up']],
  ['a lost run folder', [{ kind: 'end', reason: 'lost' }], ['gave-up']],
  [
    'a shutdown, which tells ship and shim to end',
    [
      { kind: 'signal', signal: 'SIGTERM', coreDumped: false, ...usage },
      { kind: 'end', reason: 'signal-15' },
    ],
    [],
  ],
  ['a crash under a shim that was told to end', [exit(7), { kind: 'end', reason: 'signal-15' }], ['failed']],
])('what an incident is made of: %s', (_, entries, kinds) => {
  const { happenings } = takeLines(life(), journal(shim, start, running, ...entries), surroundings)
  expect(happenings.map(({ kind }) => kind)).toEqual(kinds)
})

test('a shutdown that is learned of in two pieces takes back what the first one said', () => {
  const terminated: JournalEntry = { kind: 'signal', signal: 'SIGTERM', coreDumped: false, ...usage }
  const lines = journal(shim, start, running, terminated, { kind: 'end', reason: 'signal-15' })
  const first = takeLines(life(), lines.slice(0, 4), surroundings)
  const second = takeLines(first.life, lines.slice(4), surroundings)
  expect(first.happenings).toMatchObject([{ kind: 'failed', atMs: 1_003_000 }])
  expect(second.happenings).toEqual([{ kind: 'told-to-end', atMs: 1_003_000 }])
})

test('what was asked for is nothing that an incident is made of', () => {
  const stopping = { status: 'stopping', pid: 10, startedAtMs: 1, startedBootMs: 1 } as const
  const entries: JournalEntry[] = [shim, start, running, killed, { kind: 'end', reason: 'down' }]
  const { happenings } = takeLines(life({ wish: 'down', state: stopping }), journal(...entries), surroundings)
  expect(happenings).toEqual([])
})

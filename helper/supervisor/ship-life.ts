import { assertNever } from '../api/errors.ts'
import type { KeelanEvent } from '../api/events.ts'
import type { Change, NewEvent, RunEnd, RunRecord, ShimRecord, ShipRecord, ShipState } from '../api/records.ts'
import type { EndReason } from '../api/ship.ts'
import { duration } from '../duration.ts'
import { endedAsTold, type Happening } from './incidents.ts'
import type { JournalLine, Usage } from './journal.ts'
import { shipView } from './ship-view.ts'
import { startFailure } from './words.ts'

/** A ship with its newest shim and the run that has not ended: all that a journal line can change. */
export interface Life {
  readonly ship: ShipRecord
  readonly shim: ShimRecord
  readonly run: RunRecord | null
}

export interface Surroundings {
  /** What ended before this moment ended while the helper was away. */
  readonly helperStartedMs: number
  /** Generation of the ship's log, for the position at which a run's output begins. */
  readonly logGeneration: number
  /** Asked once for each death by SIGKILL that nobody asked for, while the helper was there: whether it was for want of memory. */
  readonly ranOutOfMemory: () => boolean
}

/** A life after something happened, and what of it is to be remembered. */
export interface Told {
  readonly life: Life
  readonly change: Change
  readonly happenings: readonly Happening[]
}

/** Takes journal lines, in order, into a life. Nothing is read, written or signalled here. */
export function takeLines(life: Life, lines: readonly JournalLine[], surroundings: Surroundings): Told {
  const runs: RunRecord[] = []
  const events: NewEvent[] = []
  const happenings: Happening[] = []
  for (const line of lines) {
    const step = takeLine(life, line, surroundings)
    const numbered = { ...step.shim, lastLine: line.number }
    if (step.run && step.run !== life.run) runs.push(step.run)
    life = { ship: step.ship, shim: numbered, run: step.run?.end ? null : step.run }
    if (step.event) events.push(eventOf(life, line, step.event))
    if (step.happening?.kind === 'told-to-end' && happenings.at(-1)?.atMs === step.happening.atMs) happenings.pop()
    else if (step.happening) happenings.push(step.happening)
  }
  return { life, change: { ship: life.ship, shim: life.shim, runs, events }, happenings }
}

interface Step extends Life {
  readonly event?: { readonly type: KeelanEvent['type']; readonly message: string }
  readonly happening?: Happening
}

function takeLine(life: Life, line: JournalLine, surroundings: Surroundings): Step {
  const { ship, shim, run } = life
  const name = ship.definition.name
  switch (line.kind) {
    case 'shim':
      return { ...life, shim: { ...shim, identity: { bootId: line.bootId, pid: line.pid, startTime: line.startTime } } }
    case 'start':
      return {
        ...life,
        // A state that waits for the wish `down` to be carried out stays: the child looks at the wish before it becomes the ship.
        ship: {
          ...ship,
          state: ship.state.status === 'stopping' ? ship.state : { status: 'starting' },
          restarts: ship.restarts + (isFirstStart(line) ? 0 : 1),
        },
        run: {
          ship: name,
          shimId: shim.id,
          line: line.number,
          process: { pid: line.pid, startTime: line.startTime },
          startedAtMs: line.wallMs,
          startedBootMs: line.bootMs,
          logPosition: `${surroundings.logGeneration}:${line.logOffset}`,
          end: null,
        },
      }
    case 'running': {
      const running = {
        pid: line.pid,
        startedAtMs: run?.startedAtMs ?? line.wallMs,
        startedBootMs: run?.startedBootMs ?? line.bootMs,
      }
      const status = ship.state.status === 'stopping' ? 'stopping' : 'running'
      return {
        ...life,
        ship: { ...ship, state: { status, ...running } },
        event: { type: 'ship.running', message: `${name} is running (pid ${line.pid})` },
      }
    }
    case 'failed-to-start': {
      const why = startFailure(ship.definition, line.step, line.errno)
      const end = runEnd(run, line, 'failed-to-start', why, surroundings)
      const happening: Happening = { kind: 'failed', atMs: line.wallMs, ranMs: null, reason: why, run }
      const ended = { ...life, run: run && { ...run, end }, happening }
      if (!line.final)
        return { ...ended, event: { type: 'ship.note', message: `${name} could not be started: ${why}; trying again` } }
      return {
        ...ended,
        ship: { ...ship, state: { status: 'failed', reason: why } },
        event: { type: 'ship.failed', message: `${name} could not be started: ${why}` },
      }
    }
    case 'exit':
      return afterRun(life, line, surroundings, { exitCode: line.code, signal: null, coreDumped: false })
    case 'signal':
      return afterRun(life, line, surroundings, { exitCode: null, signal: line.signal, coreDumped: line.coreDumped })
    case 'leftovers':
      // On a stop these are on their way out anyway.
      if (ship.state.status === 'stopping') return life
      return {
        ...life,
        event: { type: 'ship.note', message: `${processes(line.count)} that ${name} left behind: being stopped` },
      }
    case 'kill':
      return {
        ...life,
        event: {
          type: 'ship.note',
          message: `${name} did not stop in time: ${processes(line.count)} killed`,
        },
      }
    case 'wait': {
      const reason = ship.state.status === 'backoff' ? ship.state.reason : 'could not be started'
      return {
        ...life,
        ship: { ...ship, state: { status: 'backoff', nextStartAtMs: line.wallMs + line.ms, reason } },
        event: { type: 'ship.backoff', message: `${name} starts again in ${duration(line.ms)}` },
      }
    }
    case 'gave-up': {
      const last = ship.state.status === 'backoff' ? `; the last one ${ship.state.reason}` : ''
      const reason = `gave up: ended ${line.count} times within ${duration(line.windowMs)}${last}`
      return {
        ...life,
        ship: { ...ship, state: { status: 'failed', reason } },
        event: { type: 'ship.failed', message: `${name} ${reason}` },
        happening: { kind: 'gave-up', atMs: line.wallMs, reason },
      }
    }
    case 'down':
      return life
    case 'end':
      return afterShim(life, line, surroundings)
    default:
      return assertNever(line)
  }
}

/** The shim's first line is `shim`, its second the first `start`. */
const isFirstStart = (line: JournalLine): boolean => line.number === 2

const processes = (count: number): string => (count === 1 ? '1 process' : `${count} processes`)

function afterRun(
  life: Life,
  line: JournalLine & Usage,
  surroundings: Surroundings,
  how: Pick<RunEnd, 'exitCode' | 'signal' | 'coreDumped'>,
): Step {
  const { ship, run } = life
  const ranMs = line.bootMs - (run?.startedBootMs ?? line.bootMs)
  const asked = ship.state.status === 'stopping'
  const isUnexplained = how.signal === 'SIGKILL' && !asked && line.wallMs >= surroundings.helperStartedMs
  const why = isUnexplained && surroundings.ranOutOfMemory() ? ', out of memory,' : ''
  const message = `${asked ? 'was stopped as asked, and ' : ''}${endedHow(how)}${why} after ${duration(ranMs)}`
  const end: RunEnd = {
    ...runEnd(run, line, asked ? 'asked' : endReason(how), message, surroundings),
    ...how,
    cpuUserMs: line.userUs / 1_000,
    cpuSystemMs: line.systemUs / 1_000,
    peakMemoryBytes: line.peakKib * 1_024,
  }
  const state = afterRunState(ship, how, message, line.wallMs)
  return {
    ...life,
    ship: {
      ...ship,
      lastEnd: { stoppedAtMs: line.wallMs, exitCode: how.exitCode, signal: how.signal },
      state,
    },
    run: run && { ...run, end },
    event: { type: 'ship.exited', message: `${ship.definition.name} ${message}` },
    ...(!asked && { happening: happeningOf(end, state.status, ranMs, run) }),
  }
}

function happeningOf(end: RunEnd, next: ShipState['status'], ranMs: number, run: RunRecord | null): Happening {
  const { endedAtMs: atMs, message: reason } = end
  if (end.reason === 'completed') return { kind: 'completed', atMs, ranMs, isOver: next === 'stopped' }
  return { kind: 'failed', atMs, ranMs, reason, run }
}

/** What the policy makes of it; the shim says the rest: the delay, that it gave up, or that nothing is left. */
function afterRunState(ship: ShipRecord, how: Pick<RunEnd, 'exitCode'>, message: string, wallMs: number): ShipState {
  const { restart } = ship.definition
  if (ship.state.status === 'stopping') return { ...ship.state, pid: null, startedAtMs: null, startedBootMs: null }
  if (restart === 'always' || (restart === 'on-failure' && how.exitCode !== 0))
    return { status: 'backoff', nextStartAtMs: wallMs, reason: message }
  return how.exitCode === 0
    ? { status: 'stopped', reason: 'ended by itself' }
    : { status: 'failed', reason: `${message}, and restart is "${restart}"` }
}

function afterShim(life: Life, line: JournalLine & { kind: 'end' }, surroundings: Surroundings): Step {
  const { ship } = life
  const { name } = ship.definition
  // A run without an end: the child saw the wish `down` before it became the ship.
  const run = life.run && {
    ...life.run,
    end: runEnd(life.run, line, 'asked', 'was stopped before it ran', surroundings),
  }
  const ended = { ...life, run, shim: { ...life.shim, ended: true } }
  const become = (state: ShipState, message: string): Step => ({
    ...ended,
    ship: { ...ship, state },
    event: { type: state.status === 'failed' ? 'ship.failed' : 'ship.stopped', message: `${name} ${message}` },
  })
  if (line.reason === 'down') return become({ status: 'stopped', reason: null }, 'is stopped')
  if (line.reason === 'done') {
    const { state, lastEnd } = ship
    // The policy was changed while it ran: its shim followed the one before.
    if (state.status === 'backoff') return become({ status: 'failed', reason: state.reason }, `failed: ${state.reason}`)
    if (lastEnd?.exitCode === 0) return become(state, 'has ended')
    return become(state, `failed: it ${endedHow({ exitCode: null, signal: null, ...lastEnd, coreDumped: false })}`)
  }
  if (line.reason === 'lost') {
    const reason = 'its run folder was deleted while it ran; start it again'
    const happening: Happening = { kind: 'gave-up', atMs: line.wallMs, reason }
    return { ...become({ status: 'failed', reason }, `is not restarted: ${reason}`), happening }
  }
  // A ship whose folder was deleted is stopped this way too.
  if (line.reason.startsWith('signal') && ship.state.status === 'stopping')
    return become({ status: 'stopped', reason: null }, 'is stopped')
  if (line.reason.startsWith('signal'))
    return {
      ...become({ status: 'stopped', reason: 'its shim was told to end' }, 'is stopped: its shim was told to end'),
      ...(ship.lastEnd &&
        endedAsTold(ship.lastEnd) && { happening: { kind: 'told-to-end', atMs: ship.lastEnd.stoppedAtMs } }),
    }
  // `failed` and `gave-up`: said already, with the reason.
  return ended
}

/** `exited with code 7`, `was killed by SIGKILL`. */
function endedHow({ exitCode, signal, coreDumped }: Pick<RunEnd, 'exitCode' | 'signal' | 'coreDumped'>): string {
  if (signal === null) return `exited with code ${exitCode}`
  return `was killed by ${signal}${coreDumped ? ' (core dumped)' : ''}`
}

/** Signals that a program brings upon itself; signal(7) calls their default action "core". */
const ownFaults = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSYS', 'SIGTRAP'])

function endReason({ exitCode, signal }: Pick<RunEnd, 'exitCode' | 'signal'>): EndReason {
  if (signal !== null) return ownFaults.has(signal) ? 'crashed' : 'killed'
  return exitCode === 0 ? 'completed' : 'crashed'
}

function runEnd(
  run: RunRecord | null,
  line: { wallMs: number; bootMs: number },
  reason: EndReason,
  message: string,
  surroundings: Surroundings,
): RunEnd {
  return {
    endedAtMs: line.wallMs,
    durationMs: run ? line.bootMs - run.startedBootMs : null,
    exitCode: null,
    signal: null,
    coreDumped: false,
    reason,
    message,
    helperAway: line.wallMs < surroundings.helperStartedMs,
    cpuUserMs: null,
    cpuSystemMs: null,
    peakMemoryBytes: null,
  }
}

function eventOf(life: Life, line: JournalLine, event: NonNullable<Step['event']>): NewEvent {
  return {
    timeMs: line.wallMs,
    ...event,
    name: life.ship.definition.name,
    ship: shipView(life.ship, life.shim),
    origin: { shimId: life.shim.id, line: line.number },
  }
}

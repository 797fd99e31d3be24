import { constants } from 'node:os'

/** One line of a shim's journal (`helper/shim/PROTOCOL.md`). Times are wall clock; `bootMs` counts from the machine's start. */
export type JournalLine = { readonly number: number; readonly wallMs: number; readonly bootMs: number } & JournalEntry

export type JournalEntry =
  | { readonly kind: 'shim'; readonly bootId: string; readonly pid: number; readonly startTime: string }
  | { readonly kind: 'start'; readonly pid: number; readonly startTime: string; readonly logOffset: number }
  | { readonly kind: 'running'; readonly pid: number }
  | { readonly kind: 'failed-to-start'; readonly step: string; readonly errno: number; readonly final: boolean }
  | ({ readonly kind: 'exit'; readonly code: number } & Usage)
  | ({ readonly kind: 'signal'; readonly signal: string; readonly coreDumped: boolean } & Usage)
  | { readonly kind: 'leftovers'; readonly count: number }
  | { readonly kind: 'kill'; readonly count: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'gave-up'; readonly count: number; readonly windowMs: number }
  | { readonly kind: 'down' }
  | { readonly kind: 'end'; readonly reason: string }

export interface Usage {
  readonly userUs: number
  readonly systemUs: number
  readonly peakKib: number
}

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number as number, name]))

/** `SIGKILL` for 9; `SIG64` for one without a name here. */
export function signalName(number: number): string {
  return signalNames.get(number) ?? `SIG${number}`
}

/**
 * One line without its newline, or null for what is none: a line torn by a full disk (it stands again behind), or of a
 * kind that a later shim may add.
 */
export function parseJournalLine(text: string): JournalLine | null {
  const words = text.split(' ')
  if (words.length < 5 || words.pop() !== '.') return null
  const [number, wallMs, bootMs, kind, ...args] = words
  const head = { number: Number(number), wallMs: Number(wallMs), bootMs: Number(bootMs) }
  if (!Object.values(head).every(Number.isSafeInteger)) return null
  const entry = parseEntry(kind, args)
  return entry && { ...head, ...entry }
}

function parseEntry(kind: string | undefined, args: string[]): JournalEntry | null {
  const [first = '', second = '', third = ''] = args
  switch (kind) {
    case 'shim': {
      const [, bootId = '', pid, startTime = ''] = args
      return { kind, bootId, pid: Number(pid), startTime }
    }
    case 'start':
      return { kind, pid: Number(first), startTime: second, logOffset: Number(third) }
    case 'running':
      return { kind, pid: Number(first) }
    case 'failed-to-start':
      return { kind, step: first, errno: Number(second), final: third === 'final' }
    case 'exit':
      return { kind, code: Number(first), ...usage(args.slice(1)) }
    case 'signal':
      return { kind, signal: signalName(Number(first)), coreDumped: second === 'core', ...usage(args.slice(2)) }
    case 'leftovers':
    case 'kill':
      return { kind, count: Number(first) }
    case 'wait':
      return { kind, ms: Number(first) }
    case 'gave-up':
      return { kind, count: Number(first), windowMs: Number(second) }
    case 'down':
      return { kind }
    case 'end':
      return { kind, reason: first }
    default:
      return null
  }
}

function usage([userUs, systemUs, peakKib]: string[]): Usage {
  return { userUs: Number(userUs), systemUs: Number(systemUs), peakKib: Number(peakKib) }
}

/**
 * Cuts what was read of a journal into lines; keeps the beginning of an unfinished one until the rest comes. Lines up to
 * `lastLine` were taken before and are passed over, and so is a line given twice.
 */
export class JournalLines {
  #lastLine: number
  #rest = ''

  constructor(lastLine: number) {
    this.#lastLine = lastLine
  }

  push(bytes: Buffer): JournalLine[] {
    const parts = (this.#rest + bytes.toString('latin1')).split('\n')
    this.#rest = parts.pop() ?? ''
    const fresh: JournalLine[] = []
    for (const part of parts) {
      const line = parseJournalLine(part)
      if (!line || line.number <= this.#lastLine) continue
      this.#lastLine = line.number
      fresh.push(line)
    }
    return fresh
  }
}

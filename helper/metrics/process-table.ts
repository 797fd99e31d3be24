import { execFile } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { platform } from 'node:os'
import { promisify } from 'node:util'

/** One process, at the moment the table was read. Times are in clock ticks, of which there are 100 a second. */
export interface ProcessRow {
  readonly pid: number
  readonly parent: number
  /** Since the machine's boot; 0 where the system does not tell. */
  readonly startTicks: number
  /** Processor time that it has used itself. */
  readonly ownTicks: number
  /** That of its children that have ended and been waited for, with theirs. */
  readonly childTicks: number
  readonly rssBytes: number
  /** Where its environment lies in its memory: another place after each exec. */
  readonly environmentAt: string
}

/** USER_HZ: 100 on every Linux that Node runs on. */
export const ticksPerSecond = 100

/** For certain one process, as pids are used again. */
export const keyOf = ({ pid, startTicks }: ProcessRow): string => `${pid}:${startTicks}`

/** All processes of the machine, in one pass: about 20 µs each on Linux. Elsewhere as `ps` tells it (not tested). */
export async function readProcesses(): Promise<ProcessRow[]> {
  return platform() === 'linux' ? readProc() : parsePs(await ps())
}

/** Of every stat file; proc(5) says that none is longer than a few hundred bytes. */
const buffer = Buffer.alloc(4_096)

function readProc(): ProcessRow[] {
  const rows: ProcessRow[] = []
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid)) continue
    const text = readStat(`/proc/${entry}/stat`)
    if (text !== '') rows.push(parseStat(pid, text, pageBytes()))
  }
  return rows
}

/** Empty for a process that has gone. */
function readStat(path: string): string {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return ''
  }
  try {
    return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, null))
  } catch {
    return ''
  } finally {
    closeSync(file)
  }
}

/** `/proc/PID/stat`; proc(5) numbers its fields from 1, and the process's state, the first here, is the third. */
export function parseStat(pid: number, text: string, page: number): ProcessRow {
  // The name in parentheses may hold spaces and parentheses itself: everything is counted from the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const field = (number: number): number => Number(fields[number - 3])
  return {
    pid,
    parent: field(4),
    startTicks: field(22),
    ownTicks: field(14) + field(15),
    childTicks: field(16) + field(17),
    rssBytes: field(24) * page,
    environmentAt: fields[50 - 3] ?? '',
  }
}

let page: number | undefined

/** AT_PAGESZ, the 6th entry of the auxiliary vector (getauxval(3)), which is pairs of 8 bytes each. */
function pageBytes(): number {
  if (page !== undefined) return page
  const vector = readFileSync('/proc/self/auxv')
  for (let at = 0; at + 16 <= vector.length; at += 16)
    if (vector.readBigUInt64LE(at) === 6n) page = Number(vector.readBigUInt64LE(at + 8))
  return (page ??= 4_096)
}

const ps = async (): Promise<string> =>
  (await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,rss=,time='], { env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } }))
    .stdout

/** `  501  1  2048  1-02:03:04` or `3:04.56`: pid, parent, KiB, processor time. */
export function parsePs(text: string): ProcessRow[] {
  return text.split('\n').flatMap((line) => {
    const [pid, parent, kib, time = ''] = line.trim().split(/\s+/)
    const [, days = 0, clock = ''] = /^(?:(\d+)-)?([\d:.]+)$/.exec(time) ?? []
    if (clock === '') return []
    const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400
    const ownTicks = Math.round(seconds * ticksPerSecond)
    const row = { startTicks: 0, childTicks: 0, environmentAt: '' }
    return [{ ...row, pid: Number(pid), parent: Number(parent), ownTicks, rssBytes: Number(kib) * 1_024 }]
  })
}

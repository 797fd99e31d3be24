import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { platform } from 'node:os'

/**
 * A process for certain: pids are reused, a pid together with its start time on the same boot is not. `startTime` is
 * field 22 of /proc/PID/stat on Linux (proc(5): clock ticks since boot), seconds since 1970 elsewhere.
 */
export interface ProcessIdentity {
  readonly pid: number
  readonly startTime: string
}

/** What /proc/PID/stat says of a process; null for one that does not exist. Linux only. */
export interface ProcessStat {
  readonly pid: number
  readonly state: string
  readonly parent: number
  readonly session: number
  readonly startTime: string
}

export function processStat(pid: number): ProcessStat | null {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return null
  }
  // The name in parentheses may hold spaces and parentheses itself: everything is counted from the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return {
    pid,
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    session: Number(fields[3]),
    startTime: fields[19] ?? '',
  }
}

/** Whether this very process is alive. A zombie is gone: it only waits to be asked for its code. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  if (platform() === 'linux') {
    const stat = processStat(pid)
    return stat !== null && stat.startTime === startTime && !'ZX'.includes(stat.state)
  }
  return portableStartTime(pid) === startTime
}

/** Sends `signal` to this very process; false if it is gone. Throws if it may not be signalled (EPERM). */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false
  try {
    return process.kill(identity.pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

function portableStartTime(pid: number): string | null {
  try {
    const started = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    }).trim()
    if (started.startsWith('Z')) return null
    return String(Date.parse(`${started.replace(/^\S+\s+/, '')} UTC`) / 1000)
  } catch {
    return null
  }
}

/** Names this run of the machine: what has another boot id has ended. */
export function currentBootId(): string {
  if (platform() === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  if (platform() === 'darwin')
    return execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim()
  return randomUUID()
}

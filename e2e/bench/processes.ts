import { readdirSync, readFileSync } from 'node:fs'

/** What Linux tells of a process. Other systems have no /proc, and so no benchmark. */

/** Memory in MB (1,048,576 bytes): the share that is the process's own, pages that others use too counted in parts. */
export function memoryOf(pid: number): { pss: number; privateDirty: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')
  const read = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1_024
  return { pss: read('Pss'), privateDirty: read('Private_Dirty') }
}

/**
 * Processor time of all threads so far, in s. From schedstat, which counts ns: utime and stime of /proc/PID/stat are the same
 * sum in steps of 10 ms, and a hundred processes that each stay below one step would look like none.
 */
export function cpuSecondsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const ns = threads.map((tid) => Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'latin1').split(' ')[0]))
  return ns.reduce((sum, one) => sum + one, 0) / 1e9
}

/** Field 22 of /proc/PID/stat, which tells a process from a later one of the same pid; null if it is gone, or a zombie. */
export function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}

export const loadAverage = (): number => Number(readFileSync('/proc/loadavg', 'latin1').split(' ')[0])

/** Ends a process or, with a negative pid, a group, which may be gone already. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It is gone.
  }
}

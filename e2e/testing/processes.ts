import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { onTestFinished } from 'vitest'

/** What `/proc` tells of the machine's processes. */

function tryRead(read: () => string): string {
  try {
    return read()
  } catch {
    return '' // gone, or another user's
  }
}

const statFields = (pid: number): string[] => {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  // The name in parentheses may hold anything.
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** SIGKILL, also for what may just have ended by itself. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Whether a process lives; a zombie does not. */
export function isThere(pid: number): boolean {
  const [state] = statFields(pid)
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/** A process that has nothing to do with Keelan; ended when the test is over. */
export function bystander(): { pid: number; startTime: string } {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true })
  onTestFinished(() => void child.kill('SIGKILL'))
  const pid = child.pid ?? 0
  return { pid, startTime: statFields(pid)[19] ?? '' }
}

/** Parent, session and controlling terminal (0: none) of a process. */
export function standing(pid: number): { parent: number; session: number; terminal: number } {
  const [, parent, , session, terminal] = statFields(pid).map(Number)
  return { parent: parent ?? 0, session: session ?? 0, terminal: terminal ?? 0 }
}

/** ms of processor time that a process has used. A clock tick is 10 ms on every Linux that Node runs on. */
export function cpuMs(pid: number): number {
  const fields = statFields(pid)
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/**
 * Bytes that the threads of a process have read and written, whatever they were of. `/proc/PID/io` would be no answer: it
 * takes in what children did that the process has waited for.
 */
export function bytesMoved(pid: number): number {
  const ofThread = (thread: string): number => {
    const io = tryRead(() => readFileSync(`/proc/${pid}/task/${thread}/io`, 'latin1'))
    return Number(/^rchar: (\d+)/m.exec(io)?.[1] ?? 0) + Number(/^wchar: (\d+)/m.exec(io)?.[1] ?? 0)
  }
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + ofThread(thread), 0)
}

/** Where each open descriptor of a process leads. */
export function descriptorsOf(pid: number): Map<number, string> {
  const folder = `/proc/${pid}/fd`
  return new Map(readdirSync(folder).map((fd) => [Number(fd), tryRead(() => readlinkSync(`${folder}/${fd}`))]))
}

/** The environment that a process was started with. */
export function environmentOf(pid: number): Record<string, string> {
  const lines = tryRead(() => readFileSync(`/proc/${pid}/environ`, 'utf8')).split('\0')
  // A program may have written something else over it, as Chromium does.
  return Object.fromEntries(lines.filter((line) => line.includes('=')).map((line) => line.split(/=(.*)/s).slice(0, 2)))
}

/** The words that a process was started with, as `ps` shows them. */
export const commandOf = (pid: number): string =>
  tryRead(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')

export const workingFolderOf = (pid: number): string => tryRead(() => readlinkSync(`/proc/${pid}/cwd`))

/** Every process that lives and fits. */
export function processesWhere(fits: (pid: number) => boolean): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && isThere(pid) && fits(pid))
}

/** Every process of helper, shims and ships that has to do with a folder, as far as its own words and surroundings tell. */
export const processesIn = (folder: string): number[] =>
  processesWhere(
    (pid) =>
      `${workingFolderOf(pid)}/`.startsWith(`${folder}/`) ||
      commandOf(pid).includes(folder) ||
      Object.values(environmentOf(pid)).some((value) => value.includes(folder)),
  )

// What the tests ask of the machine they run on.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export const isLinux = process.platform === 'linux'
export const isRoot = process.getuid?.() === 0

const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** The command that gives what follows a mount namespace of its own in which it is root; none if this is not allowed. */
export const mountNamespace: readonly string[] | undefined = [
  ['unshare', '--mount'],
  ['unshare', '--user', '--map-root-user', '--mount'],
].find(([command, ...args]) => isLinux && works(command!, ...args, 'mount', '-t', 'tmpfs', 'none', '/mnt'))

/** Runs what follows as a user that is no one else, for limits and rights that root is above. */
export const asNobodyElse: readonly string[] = isRoot
  ? ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups']
  : []
export const nobodyElse = { uid: isRoot ? 54_321 : process.getuid!(), gid: isRoot ? 54_321 : process.getgid!() }

export function hasCommand(command: string): boolean {
  return works(command, '--version')
}

/** Field `field` of /proc/PID/stat; undefined if there is no such process. */
export function statField(pid: number, field: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[field - 3]
  } catch {
    return undefined
  }
}

/** Whether the process is there; a zombie is not. */
export function isAlive(pid: number): boolean {
  return !['Z', 'X', undefined].includes(statField(pid, 3))
}

export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** A line of /proc/PID/status, such as VmRSS or SigBlk. */
export function statusLine(pid: number, name: string): string {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)![1]!
}

/** The open descriptors of a process and what they are. */
export function descriptors(pid: number): Map<number, string> {
  const folder = `/proc/${pid}/fd`
  return new Map(readdirSync(folder).map((fd) => [Number(fd), readlinkSync(`${folder}/${fd}`)]))
}

/** Every living process that carries the mark of the test with this folder in its environment. */
export function strays(base: string): number[] {
  if (!isLinux) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
        return environment.split('\0').includes(`KEELAN_TEST=${base}`) && isAlive(pid)
      } catch {
        return false
      }
    })
}

export function killStrays(base: string): void {
  for (const pid of strays(base)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // it has ended meanwhile
    }
  }
}

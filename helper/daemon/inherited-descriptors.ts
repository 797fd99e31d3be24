import { closeSync, fstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Closes the Unix sockets, pipes and files that came with the start of this process, but the descriptors given; to be called
 * before it has any of its own. Electron leaves its own open in what an app starts: its other processes would outlive an app
 * that was killed for as long as the helper holds the ends of the app. Only Linux tells which they are; elsewhere they stay.
 */
export function closeInherited(but: readonly number[]): void {
  if (process.platform !== 'linux') return
  const fds = readdirSync('/proc/self/fd').map(Number)
  const open = fds.map((fd) => ({ fd, target: targetOf(fd), mode: accessModeOf(fd) }))
  const unixSockets = new Set(
    readFileSync('/proc/self/net/unix', 'utf8')
      .split('\n')
      .map((line) => `socket:[${line.split(/\s+/)[6]}]`),
  )
  const isInherited = ({ fd, target, mode }: (typeof open)[number]): boolean => {
    // Other sockets may be Node's, which listens for debuggers.
    if (target.startsWith('socket:')) return unixSockets.has(target)
    // Node's own, by which a process wakes itself, have both ends in it.
    if (target.startsWith('pipe:')) return !open.some((other) => other.target === target && other.mode !== mode)
    return isFile(fd) && !isOfRuntime(target)
  }
  for (const each of open) if (!but.includes(each.fd) && isInherited(each)) closeSync(each.fd)
}

/** Electron keeps some of its own files open (`icudtl.dat`, `v8_context_snapshot.bin`, `app.asar`); Node keeps none. */
const isOfRuntime = (target: string): boolean =>
  process.versions['electron'] !== undefined && target.startsWith(`${dirname(process.execPath)}/`)

/** Empty for the one that the folder was read by. */
function targetOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}

/** O_RDONLY, O_WRONLY or O_RDWR: the last digit of the flags, which proc(5) writes in octal. */
function accessModeOf(fd: number): string | undefined {
  try {
    return /^flags:\s+\d*([0-3])$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1]
  } catch {
    return undefined
  }
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile()
  } catch {
    return false
  }
}

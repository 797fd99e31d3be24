import { closeSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * Closes the Unix sockets that came with the start of this process, but those of the descriptors given; to be called before
 * it has any of its own. Electron leaves its own open in what an app starts: its other processes would outlive an app that
 * was killed for as long as the helper holds the ends of the app. Only Linux tells which they are; elsewhere they stay.
 */
export function closeInheritedSockets(but: readonly number[]): void {
  if (process.platform !== 'linux') return
  const unixSockets = readFileSync('/proc/self/net/unix', 'utf8')
  const inodes = new Set(unixSockets.split('\n').map((line) => line.split(/\s+/)[6]))
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(target(fd)) ?? []
    // Others may be Node's, which listens for debuggers.
    if (inode !== undefined && inodes.has(inode) && !but.includes(fd)) closeSync(fd)
  }
}

function target(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return '' // The one that the folder was read by.
  }
}

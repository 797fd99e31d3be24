import { fstatSync, type FSWatcher, type Stats, statSync, watch } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export interface FollowOptions {
  /** Ends the following without an error. */
  signal: AbortSignal
  /** How often the file is looked at without being told of a change, in ms: watches miss some, on network file systems all. */
  pollMs?: number
  /** After all was read, how long to let more gather before the next read, in ms. */
  gatherMs?: number
}

/** A file that is open, and the path it was opened by. */
export interface FollowedFile {
  path: string
  handle: FileHandle
  inode: number
}

/** A piece of a file; `offset` is of its first byte. */
export interface Piece {
  offset: number
  bytes: Buffer
}

const CHUNK_BYTES = 64 * 1024
export const defaultPollMs = 1_000

/**
 * Gives what a file has from an offset on, and goes on with what is appended, each byte once, as fast as it is taken.
 * @returns once the file has shrunk, or another has its path and it was read to its end: what lies at the path then;
 * undefined when it was ended by the signal
 */
export async function* followFile(
  { path, handle, inode }: FollowedFile,
  from: number,
  { signal, pollMs = defaultPollMs, gatherMs = 20 }: FollowOptions,
): AsyncGenerator<Piece, Stats | undefined, void> {
  const bell = watchFile(path)
  try {
    let offset = from
    while (!signal.aborted) {
      // Asked before the size: what was written to the old file before it was replaced is given first.
      const there = statSync(path, { throwIfNoEntry: false })
      const isReplaced = there !== undefined && there.ino !== inode
      const file = fstatSync(handle.fd)
      if (file.size < offset || (isReplaced && file.size === offset)) return there ?? file
      if (file.size === offset) {
        // Nothing was awaited since the size was asked, so no ring of a later change is missed.
        await bell.rung(pollMs, signal)
        continue
      }
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, file.size - offset))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset)
      if (bytesRead === 0) continue
      yield { offset, bytes: buffer.subarray(0, bytesRead) }
      offset += bytesRead
      if (offset === file.size) await pause(gatherMs, signal)
    }
    return undefined
  } finally {
    bell.close()
  }
}

/** Calls `open` again and again until it gives something; undefined when it was ended by the signal. */
export async function untilThere<T>(
  open: () => Promise<T | undefined>,
  { signal, pollMs = defaultPollMs }: FollowOptions,
): Promise<T | undefined> {
  while (!signal.aborted) {
    const opened = await open()
    if (opened) return opened
    await pause(pollMs, signal)
  }
  return undefined
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined)
}

interface Bell {
  /** Resolves once the file changes, after `ms`, or when aborted. */
  rung(ms: number, signal: AbortSignal): Promise<void>
  close(): void
}

/** However often the file changes while nobody waits, nothing is done. Without a watch (none left, say) it only times out. */
function watchFile(path: string): Bell {
  let wake: (() => void) | undefined
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(path, { persistent: false }, () => wake?.())
    watcher.on('error', () => watcher?.close())
  } catch {}
  return {
    rung: (ms, signal) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          wake = undefined
          resolve()
        }
        const timer = setTimeout(done, ms)
        signal.addEventListener('abort', done)
        wake = done
      }),
    close: () => watcher?.close(),
  }
}

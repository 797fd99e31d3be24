import { fstatSync, type FSWatcher, statSync, watch } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { beginGeneration, type FileState } from './log-index.ts'
import { openLog, type OpenLog } from './open-log.ts'
import type { Position } from './position.ts'

/** What was appended, with the position of its first byte; or, at the end, where the reader may go on. */
export type FollowItem =
  { kind: 'bytes'; position: Position; bytes: Buffer } | { kind: 'new-generation'; position: Position }

export interface FollowOptions {
  /** Ends the following without an error. */
  signal: AbortSignal
  /** How often the file is looked at without being told of a change, in ms: watches miss some, on network file systems all. */
  pollMs?: number
  /** After all was read, how long to let more gather before the next read, in ms. */
  gatherMs?: number
}

const CHUNK_BYTES = 64 * 1024

/**
 * Gives what a log has from a position on, and goes on with what is appended, each byte once, as fast as it is taken.
 * Waits for a log that does not exist. The last item is `new-generation` if the position is not of this log any more,
 * or once the log has shrunk or was replaced by another file; bytes that were cut off before they were read are gone.
 */
export async function* followLog(log: string, from: Position, options: FollowOptions): AsyncGenerator<FollowItem> {
  const { signal, pollMs = 1_000, gatherMs = 20 } = options
  const opened = await openWhenThere(log, signal, pollMs)
  if (!opened) return
  const { handle, generation, inode } = opened
  const bell = watchFile(log)
  try {
    if (from.generation !== generation || from.offset > opened.size) {
      yield { kind: 'new-generation', position: { generation, offset: 0 } }
      return
    }
    let offset = from.offset
    while (!signal.aborted) {
      // Asked before the size: what was written to the old file before it was replaced is given first.
      const path = statSync(log, { throwIfNoEntry: false })
      const replaced = path !== undefined && path.ino !== inode
      const file: FileState = fstatSync(handle.fd)
      if (file.size < offset || (replaced && file.size === offset)) {
        const next = beginGeneration(log, path ?? file, generation)
        yield { kind: 'new-generation', position: { generation: next, offset: 0 } }
        return
      }
      if (file.size === offset) {
        // Nothing was awaited since the size was asked, so no ring of a later change is missed.
        await bell.rung(pollMs, signal)
        continue
      }
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, file.size - offset))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset)
      if (bytesRead === 0) continue
      yield { kind: 'bytes', position: { generation, offset }, bytes: buffer.subarray(0, bytesRead) }
      offset += bytesRead
      if (offset === file.size) await pause(gatherMs, signal)
    }
  } finally {
    bell.close()
    await handle.close()
  }
}

async function openWhenThere(log: string, signal: AbortSignal, pollMs: number): Promise<OpenLog | undefined> {
  while (!signal.aborted) {
    const opened = await openLog(log)
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
function watchFile(log: string): Bell {
  let wake: (() => void) | undefined
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(log, { persistent: false }, () => wake?.())
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

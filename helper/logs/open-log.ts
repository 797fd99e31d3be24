import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { generationOf } from './log-index.ts'

/** A log as it was when it was opened. The handle keeps its file: no other can get the same inode meanwhile. */
export interface OpenLog {
  handle: FileHandle
  generation: number
  /** Bytes. */
  size: number
  inode: number
}

/** Opens a log for reading; `undefined` if there is none. The caller closes the handle. */
export async function openLog(log: string): Promise<OpenLog | undefined> {
  let handle: FileHandle
  try {
    // Without O_NONBLOCK a log that somebody made a pipe of would hold a thread of Node's for ever, of which it has four.
    handle = await open(log, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const { ino, size } = await handle.stat()
    return { handle, generation: generationOf(log, { ino, size }), size, inode: ino }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Reads `length` bytes at `position` into `buffer`, which it returns the filled part of: shorter where the file ends. */
export async function readFully(
  handle: FileHandle,
  buffer: Buffer,
  position: number,
  length = buffer.length,
): Promise<Buffer> {
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

import { type FileHandle, open } from 'node:fs/promises'
import { followFile, untilThere } from './follow-file.ts'
import { readFully } from './open-log.ts'
import { startOfLines } from './read-log.ts'

/** However long its lines are, not more than this is given of what there was, in bytes. */
const mostBytes = 8 * 1_048_576

/** The last lines of a text file, as it is now. A missing one is empty. */
export async function endOfText(path: string, lines: number): Promise<Buffer> {
  const handle = await openIfThere(path)
  if (!handle) return Buffer.alloc(0)
  try {
    const { size } = await handle.stat()
    const from = await startOfLines(handle, size, { lines, maxBytes: mostBytes })
    return await readFully(handle, Buffer.alloc(size - from), from)
  } finally {
    await handle.close()
  }
}

/**
 * The last lines of a text file, and whatever is written from then on, until `signal` aborts; also when the writer renames
 * the file and begins another. Waits for a missing one.
 */
export async function* followText(path: string, lines: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  // Of every file after the first, all is new.
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const handle = await untilThere(() => openIfThere(path), { signal })
    if (!handle) return
    try {
      const { ino, size } = await handle.stat()
      const from = isFirst ? await startOfLines(handle, size, { lines, maxBytes: mostBytes }) : 0
      for await (const { bytes } of followFile({ path, handle, inode: ino }, from, { signal })) yield bytes
    } finally {
      await handle.close()
    }
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

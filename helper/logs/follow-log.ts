import { followFile, type FollowOptions, untilThere } from './follow-file.ts'
import { beginGeneration } from './log-index.ts'
import { openLog } from './open-log.ts'
import type { Position } from './position.ts'

/** What was appended, with the position of its first byte; or, at the end, where the reader may go on. */
export type FollowItem =
  { kind: 'bytes'; position: Position; bytes: Buffer } | { kind: 'new-generation'; position: Position }

/**
 * Gives what a log has from a position on, and goes on with what is appended, each byte once, as fast as it is taken.
 * Waits for a log that does not exist. The last item is `new-generation` if the position is not of this log any more,
 * or once the log has shrunk or was replaced by another file; bytes that were cut off before they were read are gone.
 */
export async function* followLog(log: string, from: Position, options: FollowOptions): AsyncGenerator<FollowItem> {
  const opened = await untilThere(() => openLog(log), options)
  if (!opened) return
  const { handle, generation, inode } = opened
  try {
    if (from.generation !== generation || from.offset > opened.size) {
      yield { kind: 'new-generation', position: { generation, offset: 0 } }
      return
    }
    const pieces = followFile({ path: log, handle, inode }, from.offset, options)
    try {
      let piece = await pieces.next()
      for (; !piece.done; piece = await pieces.next()) {
        const { offset, bytes } = piece.value
        yield { kind: 'bytes', position: { generation, offset }, bytes }
      }
      if (!piece.value) return
      const next = beginGeneration(log, piece.value, generation)
      yield { kind: 'new-generation', position: { generation: next, offset: 0 } }
    } finally {
      await pieces.return(undefined)
    }
  } finally {
    await handle.close()
  }
}

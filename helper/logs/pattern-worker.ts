import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { LogError } from './log-error.ts'

// Why a thread: a regular expression of a person's may backtrack for ever, and nothing but ending its thread stops it. V8
// does end a thread in the middle of a match. The thread gets whole blocks of lines and gives back which of them match.
//
// Why utf8 and not latin1: a pattern with any letter outside ASCII would never match. Bytes that are not utf8 become
// U+FFFD and hurt nobody, since matches are told by the byte at which their line begins.
//
// Why a string: it is the one form that runs alike from the sources, from dist and within the app's archive.
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads')
const pattern = new RegExp(workerData.source, workerData.flags)
parentPort.on('message', (block) => {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  const starts = []
  for (let start = 0, end; start < bytes.length; start = end + 1) {
    end = bytes.indexOf(10, start)
    if (end < 0) end = bytes.length
    const crlf = end > start && bytes[end - 1] === 13
    if (pattern.test(bytes.utf8Slice(start, crlf ? end - 1 : end))) starts.push(start)
  }
  parentPort.postMessage(starts)
})
`

/** Finds the lines of blocks that a pattern matches, off the main thread. To be closed. */
export interface PatternWorker {
  /**
   * The offsets within `block` of the lines that match, newline and a carriage return before it not counted in.
   * Fails with `pattern-too-slow` when the block takes longer than the limit, or with the signal's reason.
   */
  matchingLines(block: Buffer, signal?: AbortSignal): Promise<number[]>
  /** Resolves once the thread is gone. */
  close(): Promise<void>
}

/** Starts the thread; `limitMs` is how long a block may take. */
export function startPatternWorker(pattern: RegExp, limitMs: number): PatternWorker {
  // Global and sticky patterns would begin at the end of the last match.
  const workerData = { source: pattern.source, flags: pattern.flags.replace(/[gy]/g, '') }
  const worker = new Worker(PROGRAM, { eval: true, workerData, execArgv: [], name: 'keelan-log-search' })
  let failure: unknown
  worker.on('error', (error) => (failure = error))
  const online = once(worker, 'online')
  online.catch(() => undefined)

  return {
    async matchingLines(block, signal) {
      // The start of the thread is not the pattern's time.
      await online
      signal?.throwIfAborted()
      if (failure) throw failure
      return new Promise((resolve, reject) => {
        const tooSlow = new LogError(
          'pattern-too-slow',
          `The pattern took more than ${limitMs} ms on one part of the log`,
        )
        const timer = setTimeout(() => settle(() => reject(tooSlow)), limitMs)
        const onMessage = (starts: number[]) => settle(() => resolve(starts))
        const onError = (error: unknown) => settle(() => reject(error))
        const onAbort = () => settle(() => reject(signal?.reason))
        const settle = (how: () => void) => {
          clearTimeout(timer)
          worker.off('message', onMessage).off('error', onError)
          signal?.removeEventListener('abort', onAbort)
          how()
        }
        worker.once('message', onMessage).once('error', onError)
        signal?.addEventListener('abort', onAbort)
        worker.postMessage(block)
      })
    },
    async close() {
      await worker.terminate()
    },
  }
}

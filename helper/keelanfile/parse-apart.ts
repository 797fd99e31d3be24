import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Keelanfile } from './parse.ts'
import type { Folders } from './to-definition.ts'

/** Far more than a Keelanfile of a thousand ships takes, on a busy machine too, in ms. */
const longestMs = 15_000
/** MiB of a thread's heap; a thread that needs more is ended, and nothing else. */
const mostMemory = 128

/** A thread runs no TypeScript: where this runs from its sources, the built parser is taken. */
const parser = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/helper/keelanfile/parse.js' : './parse.js',
  import.meta.url,
)

const program = `
const { parentPort, workerData: { parser, text, folders } } = require('node:worker_threads')
import(parser).then(({ parseKeelanfile }) => parentPort.postMessage(parseKeelanfile(text, folders)))
`

let tail: Promise<unknown> = Promise.resolve()

/**
 * Like `parseKeelanfile`, for a text that somebody else may have made: in a thread of its own, one at a time, since a few
 * hundred KB of YAML can take minutes or all memory there is. One that would is at fault.
 */
export function parseKeelanfileApart(text: string, folders: Folders): Promise<Keelanfile> {
  const result = tail.then(() => parse(text, folders))
  tail = result
  return result
}

async function parse(text: string, folders: Folders): Promise<Keelanfile> {
  const workerData = { parser: parser.href, text, folders }
  const resourceLimits = { maxOldGenerationSizeMb: mostMemory, maxYoungGenerationSizeMb: 16 }
  const thread = new Worker(program, {
    eval: true,
    workerData,
    execArgv: [],
    resourceLimits,
    name: 'keelan-keelanfile',
  })
  // Also one that comes when nobody waits any more, which would end the helper.
  thread.on('error', () => {})
  try {
    const [read] = (await once(thread, 'message', { signal: AbortSignal.timeout(longestMs) })) as [Keelanfile]
    return read
  } catch {
    return { ok: false, faults: [{ line: 1, column: 1, key: '', message: 'is too large or too intricate to be read' }] }
  } finally {
    await thread.terminate()
  }
}

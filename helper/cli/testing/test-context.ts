import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import type { Context } from '../context.ts'
import { run } from '../program.ts'
import { testFolder } from './test-folder.ts'

/** A place to type commands in: a folder and a base directory of its own, and no terminal. */
export function testContext(env: NodeJS.ProcessEnv = {}): Context & { said: { stdout: string; stderr: string } } {
  const folder = testFolder()
  const said = { stdout: '', stderr: '' }
  const output = (name: keyof typeof said) =>
    new Writable({
      write: (chunk: Buffer, _, done) => {
        said[name] += chunk.toString()
        done()
      },
    })
  return {
    stdin: Readable.from([]) as unknown as NodeJS.ReadStream,
    stdout: output('stdout'),
    stderr: output('stderr'),
    env: { HOME: '/home/ada', BASE_DIRECTORY: join(folder, 'base'), ...env },
    folder,
    said,
  }
}

/** Runs one command line in a context, and gives its exit code and what it said. */
export async function typed(context: ReturnType<typeof testContext>, ...words: string[]) {
  context.said.stdout = ''
  context.said.stderr = ''
  const code = await run(words, context)
  return { code, ...context.said }
}

#!/usr/bin/env -S node --
// `--`, since Node 20 otherwise takes a `--env-file` meant for `keelan deploy` for its own, wherever it stands.
import { run } from './program.ts'

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has seen enough: `keelan logs web | head`.
    if (error.code === 'EPIPE') process.exit(0)
    if (stream === process.stdout) process.stderr.write(`keelan: cannot write the output: ${error.message}\n`)
    process.exit(1)
  })
}

const { stdout, stderr, env } = process
process.exitCode = await run(process.argv.slice(2), {
  // A terminal that is not read from is left alone.
  get stdin() {
    return process.stdin
  },
  stdout,
  stderr,
  env,
  folder: process.cwd(),
})

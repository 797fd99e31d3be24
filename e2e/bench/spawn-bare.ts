import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** `spawn-bare PROGRAM FOLDER…`: what Node alone takes to have a program run in the background in each folder. */
const [program = '', ...folders] = process.argv.slice(2)
await Promise.all(
  folders.map(async (cwd) => {
    const child = spawn(program, { cwd, stdio: 'ignore', detached: true })
    await once(child, 'spawn')
    child.unref()
  }),
)

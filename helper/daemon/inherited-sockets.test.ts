import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'

const module = new URL('../../dist/helper/daemon/inherited-sockets.js', import.meta.url).href

test.skipIf(process.platform !== 'linux')(
  'closes sockets that came with the start but those that are wanted, and goes on',
  async () => {
    const script = `
      import { closeInheritedSockets } from ${JSON.stringify(module)}
      import { writeSync } from 'node:fs'
      import { connect, createServer } from 'node:net'
      closeInheritedSockets([0, 1, 2, 3])
      const server = createServer(() => writeSync(3, 'served'))
      server.listen(0, '127.0.0.1', () => connect(server.address().port, '127.0.0.1'))
    `
    // Node's way to give a child a pipe is a socket.
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [, , , wanted, ...others] = child.stdio
    const closed = others.map((socket) => once((socket as Readable).resume(), 'close'))
    const [said] = (await once(wanted!, 'data')) as [Buffer]
    expect(said.toString()).toBe('served')
    await Promise.all(closed)
    expect(child.exitCode).toBeNull()
  },
)

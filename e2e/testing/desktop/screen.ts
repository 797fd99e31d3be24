import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { untilTheTestEnds } from '../session-bus.ts'

/** A screen that nobody sees. */
export interface Screen {
  /** For DISPLAY. */
  readonly display: string
  readonly pid: number
  readonly end: () => Promise<void>
}

/** Starts one with a display number that the server finds free by itself, so any number may be started at once. */
export async function startScreen(size = '1280x800x24'): Promise<Screen> {
  const words = ['Xvfb', '-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-ac']
  const server = spawn(untilTheTestEnds.command, [...untilTheTestEnds.words, ...words], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const ended = once(server, 'exit')
  const [number] = (await Promise.race([
    once(createInterface(server.stdio[3] as Readable), 'line'),
    ended.then(() => Promise.reject(new Error('Xvfb ended at once'))),
  ])) as [string]
  return {
    display: `:${number}`,
    pid: server.pid ?? 0,
    end: async () => {
      // Not SIGKILL, after which its lock and socket would stay in /tmp.
      server.kill('SIGTERM')
      await ended
    },
  }
}

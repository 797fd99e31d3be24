import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'

const module = new URL('../../dist/helper/daemon/inherited-descriptors.js', import.meta.url).href

/** Says what is open before and after, and goes on with what Node needs descriptors of its own for: threads, signals, sockets. */
const script = `
  import { closeInherited } from ${JSON.stringify(module)}
  import { spawn } from 'node:child_process'
  import { readdirSync, readlinkSync, writeSync } from 'node:fs'
  import { readFile } from 'node:fs/promises'
  import { connect, createServer } from 'node:net'
  import { Worker } from 'node:worker_threads'
  const open = () => readdirSync('/proc/self/fd').flatMap((fd) => {
    try { return [fd + ' ' + readlinkSync('/proc/self/fd/' + fd)] } catch { return [] }
  })
  const before = open()
  closeInherited([0, 1, 2, 3])
  const after = open()
  await readFile(process.execPath, { encoding: null, flag: 'r' })
  await new Promise((done) => spawn('true', { stdio: 'pipe' }).on('close', done))
  await new Promise((done) => new Worker('0', { eval: true }).on('exit', done))
  const server = createServer(() => writeSync(3, JSON.stringify({ before, after }) + '\\n'))
  server.listen(0, '127.0.0.1', () => connect(server.address().port, '127.0.0.1'))
`

test.skipIf(process.platform !== 'linux')(
  'closes sockets, pipes and files that came with the start but those that are wanted, and goes on',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keelan-inherited-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = openSync(join(folder, 'file'), 'w+')
    onTestFinished(() => closeSync(file))
    // Node's way to give a child a pipe is a socket; a shell's, for a here-document, is a pipe.
    const words = ['-c', 'exec 9<<END\ntext\nEND\nexec "$@"', 'sh']
    const child = spawn('sh', [...words, process.execPath, '--input-type=module', '--eval', script], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe', 'pipe', file],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [, , , wanted, ...others] = child.stdio
    const closed = others.flatMap((socket) => (socket ? [once((socket as Readable).resume(), 'close')] : []))
    const [said] = (await once(wanted!, 'data')) as [Buffer]
    const { before, after } = JSON.parse(said.toString()) as Record<'before' | 'after', string[]>
    const gone = before.filter((each) => !after.includes(each)).map((each) => each.replace(/\d+\]$/, 'N]'))
    expect(gone).toEqual(
      expect.arrayContaining([
        '4 socket:[N]',
        '5 socket:[N]',
        `6 ${join(folder, 'file')}`,
        expect.stringMatching(/^9 /),
      ]),
    )
    // All else is Node's own, or was asked for.
    expect(after.filter((each) => each.startsWith('3 '))).toHaveLength(1)
    expect(gone.filter((each) => each.includes('anon_inode'))).toEqual([])
    await Promise.all(closed)
    expect(child.exitCode).toBeNull()
  },
)

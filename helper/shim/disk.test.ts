import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { childrenOf, isAlive, isLinux, isRoot, mountNamespace, statField } from './machine.ts'
import {
  buildShim,
  cleanUp,
  parseJournal,
  specText,
  startShim,
  temporaryFolder,
  until,
  watchShim,
  type Shim,
  type ShipSpec,
} from './shim-harness.ts'

afterEach(cleanUp)

/** Whether this machine can mount an ext4 image; a container usually cannot. */
const canMountImage =
  isRoot && isLinux && spawnSync('sh', ['-c', 'command -v mkfs.ext4 && losetup -f'], { stdio: 'ignore' }).status === 0

/** A shim whose folder lies on a small disk of its own, in a mount namespace, seen through /proc. */
async function onSmallDisk(spec: ShipSpec, mount: string): Promise<{ shim: Shim; disk: string }> {
  const base = temporaryFolder()
  const at = join(base, 'disk')
  mkdirSync(at)
  writeFileSync(join(base, 'spec'), specText({ log: '/dev/null', ...spec }, base))
  // The namespace lives as long as a process is in it: one that is not the shim's child, and is found by its mark.
  const holder = '(sleep 100000 >&- 2>&- & echo $! > holder)'
  const script = `set -e; ${mount}; ${holder}; mkdir -p "$1/ship/id"; cp spec "$1/ship/id"; cd "$1/ship/id"; exec "$2" id`
  const [command, ...args] = [...mountNamespace!, 'sh', '-c', script, 'sh', at, buildShim()]
  const env = { PATH: process.env['PATH'], KEELAN_TEST: base }
  const child = spawn(command!, args, { cwd: base, detached: true, env, stdio: ['ignore', 'ignore', 'pipe'] })
  const shim = watchShim(base, '/not/yet', child)
  const ended = () => shim.exit && new Error(`no disk: ${shim.errors}`)
  const pid = await until('the disk', () => ended() ?? /\d+(?=\n)/.exec(readIfThere(join(base, 'holder')))?.[0])
  if (pid instanceof Error) throw pid
  const disk = `/proc/${pid}/root${at}`
  shim.folder = `${disk}/ship/id`
  return { shim, disk }
}

const readIfThere = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')
const tmpfs = (size: string) => `mount -t tmpfs -o size=${size} none "$1"`

/** Writes until nothing fits any more. */
function fill(disk: string): string {
  const file = join(disk, 'fill')
  const fd = openSync(file, 'a')
  try {
    for (const size of [4096, 1]) while (writeUntilFull(fd, size)) continue
  } finally {
    closeSync(fd)
  }
  return file
}

function writeUntilFull(fd: number, size: number): boolean {
  try {
    return writeSync(fd, Buffer.alloc(size, 'x')) > 0
  } catch {
    return false
  }
}

describe.skipIf(!mountNamespace)('on a full disk (needs a mount namespace)', () => {
  async function everyExitIsNoted(mount: string): Promise<void> {
    const { shim, disk } = await onSmallDisk({ args: ['sleep', '1000'] }, mount)
    await shim.running()
    fill(disk)
    for (let run = 1; run <= 60; run++) process.kill(await shim.running(run), 'SIGKILL')
    await shim.running(61)
    expect(shim.events('signal')).toHaveLength(60)
    rmSync(join(disk, 'fill')) // for the wish
    expect(await shim.down()).toBe('end down')
  }

  test('every exit is noted, as the journal took its space beforehand (tmpfs)', () => everyExitIsNoted(tmpfs('160k')))

  test.skipIf(!canMountImage)(
    'every exit is noted, as the journal took its space beforehand (ext4; needs root and a loop device)',
    () => everyExitIsNoted('truncate -s 8M image && mkfs.ext4 -q image && mount -o loop image "$1"'),
  )

  test('a journal longer than its first allocation takes more in time', async () => {
    const { shim } = await onSmallDisk({ args: ['true'] }, tmpfs('400k'))
    const journal = await until(
      'the journal',
      () => existsSync(join(shim.folder, 'journal')) && join(shim.folder, 'journal'),
    )
    await until('it to grow', () => statSync(journal).size > 52 * 1024)
    shim.signal('SIGSTOP')
    await until('the shim to stop', () => statField(shim.pid, 3) === 'T')
    const { size, blocks } = statSync(journal)
    expect(blocks * 512).toBeGreaterThanOrEqual(size + 48 * 1024)
    shim.signal('SIGKILL')
  })

  /** A ship on a disk too small for any allocation, with `left` bytes before the journal needs another page. */
  async function withBytesLeft(left: number, spec: ShipSpec): Promise<{ shim: Shim; full: string; pid: number }> {
    const { shim, disk } = await onSmallDisk(spec, tmpfs('32k'))
    const pid = await shim.running()
    const journal = join(shim.folder, 'journal')
    appendFileSync(journal, `${'#'.repeat(4096 - statSync(journal).size - left - 1)}\n`)
    return { shim, full: fill(disk), pid }
  }

  test.each([0, 1, 5, 30])(
    'a line torn after %d bytes is written again when there is space, and no start is made before',
    async (left) => {
      const { shim, full, pid } = await withBytesLeft(left, { args: ['sleep', '1000'] })
      process.kill(pid, 'SIGKILL')
      await until('the line to be torn', () => statSync(join(shim.folder, 'journal')).size === 4096 && !isAlive(pid))
      await new Promise((resolve) => setTimeout(resolve, 1_200)) // so that it has been tried again
      expect(shim.events().slice(1)).toEqual([expect.stringContaining('start'), expect.stringContaining('running')])
      const ticks = Number(statField(shim.pid, 14)) + Number(statField(shim.pid, 15))
      expect(ticks).toBeLessThan(50) // of 100 a second: it sleeps in between
      rmSync(full)
      await shim.running(2)
      expect(shim.lines().map(({ number, kind }) => `${number} ${kind}`)).toEqual(['1 shim', '2 start', '3 running', '4 signal', '5 start', '6 running']) // prettier-ignore
      expect(shim.events('signal')).toEqual([expect.stringMatching(/^signal 9 /)])
      expect(readFileSync(join(shim.folder, 'journal'), 'utf8').slice(4096 - left)).toMatch(/^[^#]*$/)
      expect(await shim.down()).toBe('end down')
    },
  )

  test('a ship whose start cannot be noted is not let go, and can be stopped', async () => {
    const { shim, full, pid } = await withBytesLeft(60, { args: ['sh', '-c', 'echo started >> "$0"; exec sleep 1000', `${temporaryFolder()}/started`] }) // prettier-ignore
    process.kill(pid, 'SIGKILL') // which can just be noted
    await until('the next line to be torn', () => statSync(join(shim.folder, 'journal')).size === 4096)
    const child = childrenOf(shim.pid)[0]!
    expect(isAlive(child)).toBe(true)
    renameSync(full, join(shim.folder, 'down'))
    shim.signal('SIGUSR1')
    await until('the child to end', () => !isAlive(child))
    expect(shim.events().at(-1)).toMatch(/^signal 9 /)
    writeFileSync(join(shim.folder, 'down'), '')
    await shim.exited
    expect(shim.lines().slice(3).map(({ kind }) => kind)).toEqual(['signal', 'start', 'down', 'end']) // prettier-ignore
  })

  test('a ship can be stopped, and the end is written when there is space', async () => {
    const { shim, full, pid } = await withBytesLeft(3, { args: ['sleep', '1000'] })
    renameSync(full, join(shim.folder, 'down')) // a wish without a byte to spare
    shim.signal('SIGUSR1')
    await until('the ship to end', () => !isAlive(pid))
    expect(shim.exit).toBeUndefined()
    writeFileSync(join(shim.folder, 'down'), '')
    await shim.exited
    const kinds = shim.lines().map(({ kind }) => kind)
    expect(kinds).toEqual(['shim', 'start', 'running', 'down', 'signal', 'end'])
  })
})

describe('a shim that lost its folder', () => {
  test('notes how the ship ended and starts nothing, when the folder was moved', async () => {
    const shim = startShim({ args: ['sleep', '1000'] })
    const pid = await shim.running()
    renameSync(shim.folder, `${shim.folder}-moved`)
    shim.folder += '-moved'
    process.kill(pid, 'SIGKILL')
    await shim.exited
    expect(shim.events('start', 'signal', 'end').slice(1)).toEqual([expect.stringMatching(/^signal 9 /), 'end lost'])
  })

  test('does so when another one is in its place', async () => {
    const shim = startShim({ args: ['sleep', '1000'] })
    const pid = await shim.running()
    renameSync(shim.folder, `${shim.folder}-moved`)
    mkdirSync(shim.folder)
    writeFileSync(join(shim.folder, 'journal'), '')
    shim.folder += '-moved'
    process.kill(pid, 'SIGKILL')
    await shim.exited
    expect(shim.events().at(-1)).toBe('end lost')
  })

  test('does so when it was deleted', async () => {
    const shim = startShim({ args: ['sleep', '1000'] })
    const pid = await shim.running()
    const journal = openSync(join(shim.folder, 'journal'), 'r')
    rmSync(shim.folder, { recursive: true })
    process.kill(pid, 'SIGKILL')
    await shim.exited
    const lines = parseJournal(readFileSync(journal, 'utf8'))
    closeSync(journal)
    expect(lines.slice(3).map(({ kind, words }) => `${kind} ${words[0]}`)).toEqual(['signal 9', 'end lost'])
  })

  test.skipIf(!isLinux)('can still be stopped while the ship runs', async () => {
    const shim = startShim({ args: ['sleep', '1000'] })
    await shim.running()
    renameSync(shim.folder, `${shim.folder}-moved`)
    shim.folder += '-moved'
    expect(await shim.down()).toBe('end down')
  })
})

import { chmodSync, closeSync, copyFileSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { asNobodyElse, isLinux, statField } from './machine.ts'
import { cleanUp, startShim, temporaryFolder, until, type ShipSpec } from './shim-harness.ts'

afterEach(cleanUp)

function file(name: string, text: string, mode: number): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

const failures: readonly [string, () => ShipSpec, string][] = [
  ['a program that is not there', () => ({ args: ['/no/such'] }), 'exec 2'],
  ['a program that is nowhere in PATH', () => ({ args: ['no-such-program'], env: ['PATH=/usr/bin:/bin'] }), 'exec 2'],
  ['a program without a name', () => ({ args: [''] }), 'exec 2'],
  ['a file that is not executable', () => ({ args: [file('x', '#!/bin/sh\n', 0o644)] }), 'exec 13'],
  ['a folder', () => ({ args: ['/tmp'] }), 'exec 13'],
  [
    'a script without #!, which execvp would give to a shell',
    () => ({ args: [file('x', 'exit 5\n', 0o755)] }),
    'exec 8',
  ],
  ['a script with an interpreter that is not there', () => ({ args: [file('x', '#!/no/such\n', 0o755)] }), 'exec 2'],
  ['a damaged binary', () => ({ args: [file('x', '\x7fELF damaged', 0o755)] }), 'exec 8'],
  ['an argument that is too long', () => ({ args: ['true', 'x'.repeat(1 << 18)] }), 'exec 7'],
  ['a working directory that is not there', () => ({ args: ['true'], cwd: '/no/such' }), 'cwd 2'],
  ['a working directory that is a file', () => ({ args: ['true'], cwd: file('x', '', 0o755) }), 'cwd 20'],
  ['a log in a folder that is not there', () => ({ args: ['true'], log: '/no/such/log' }), 'log 2'],
  ['a log that is a folder', () => ({ args: ['true'], log: '/tmp' }), 'log 21'],
  ['a second log that cannot be opened', () => ({ args: ['true'], logStderr: '/no/such/log' }), 'log 2'],
  ['a user who does not exist', () => ({ args: ['true'], user: 'no-such-user' }), 'user 0'],
  ['a group that does not exist', () => ({ args: ['true'], group: 'no-such-group' }), 'group 0'],
  ['a user that is a number nobody has, and no group', () => ({ args: ['true'], user: '54399' }), 'user 0'],
]

test.each(failures)('%s: said with step and errno, and final', async (_, spec, failure) => {
  const shim = startShim(spec())
  expect(await shim.exited).toEqual({ code: 0, signal: null })
  expect(shim.events('failed-to-start', 'running', 'exit', 'end')).toEqual([
    `failed-to-start ${failure} final`,
    'end failed',
  ])
})

test.each([126, 127])("the program's own exit with %d is an exit", async (code) => {
  const shim = startShim({ args: ['sh', '-c', `exit ${code}`], restart: 'no' })
  await shim.exited
  expect(shim.events('failed-to-start', 'exit')).toEqual([expect.stringMatching(`^exit ${code} `)])
})

test.skipIf(!isLinux)('a program killed before it could be let go is an end like any other', async () => {
  // 20 tries at a moment that cannot be met on purpose: whatever moment it is, one end is noted for one start.
  const shim = startShim({ args: ['true'], delays: [0] })
  for (let killed = 0; killed < 20;) {
    const pid = Number(shim.lines().findLast(({ kind }) => kind === 'start')?.words[0] ?? 0)
    try {
      if (pid > 0) process.kill(pid, 'SIGKILL')
      killed += pid > 0 ? 1 : 0
    } catch {
      killed++ // it was faster
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect(await shim.down()).toBe('end down')
  const starts = shim.events('start').length
  expect([starts, starts - 1]).toContain(shim.events('exit', 'signal').length) // a child that saw `down` has no end
})

describe('PATH', () => {
  const script = (text: string) => `#!/bin/sh\necho ${text}\n`

  test("is the ship's own, and searched on behind a file that may not be run", async () => {
    const base = temporaryFolder()
    for (const [name, mode] of [
      ['first', 0o644],
      ['second', 0o755],
    ] as const) {
      // prettier-ignore
      mkdirSync(join(base, name))
      writeFileSync(join(base, name, 'program'), script(name), { mode })
    }
    const env = [`PATH=/no/such:/etc/passwd:${base}/first:${base}/second`]
    const shim = startShim({ args: ['program'], env, bareEnvironment: true, restart: 'no' })
    await shim.exited
    expect(shim.log()).toBe('second\n')
    const denied = startShim({ args: ['program'], env: [`PATH=${base}/first:/no/such`], bareEnvironment: true })
    await denied.exited
    expect(denied.events('failed-to-start')).toEqual(['failed-to-start exec 13 final'])
  })

  test('with an empty entry means the working directory; without PATH, /bin and /usr/bin are searched', async () => {
    const base = temporaryFolder()
    writeFileSync(join(base, 'program'), script('here'), { mode: 0o755 })
    const here = startShim({
      args: ['program'],
      cwd: base,
      env: ['PATH=/no/such:'],
      bareEnvironment: true,
      restart: 'no',
    })
    const none = startShim({ args: ['sh', '-c', 'echo found'], bareEnvironment: true, restart: 'no' })
    await Promise.all([here.exited, none.exited])
    expect([here.log(), none.log()]).toEqual(['here\n', 'found\n'])
  })
})

describe.skipIf(!isLinux)('what may be better in a moment is tried again, at most once a second', () => {
  test('a program that is being written to', async () => {
    const program = join(temporaryFolder(), 'program')
    copyFileSync('/bin/true', program)
    const writer = openSync(program, 'r+')
    const shim = startShim({ args: [program], delays: [0, 0], restart: 'no' })
    await shim.line('failed-to-start', 2)
    closeSync(writer)
    await shim.exited
    expect([...new Set(shim.events('failed-to-start', 'wait'))]).toEqual(['failed-to-start exec 26 retry', 'wait 1000'])
    expect(shim.events('exit', 'end')).toEqual([expect.stringMatching(/^exit 0 /), 'end done'])
  })

  for (const [name, limit, error] of [
    ['too many open files', 'nofile', 24],
    ['a refused fork', 'nproc', 11],
  ] as const) {
    test(name, async () => {
      const spec = { args: ['sleep', '1000'], delays: [0, 2_000], maxRestarts: 1 }
      const shim = startShim(spec, { unprivileged: true })
      const pid = await shim.running()
      const setLimit = (value: string) => {
        const [command, ...args] = [...asNobodyElse, 'prlimit', '--pid', String(shim.pid), `--${limit}=${value}:`]
        execFileSync(command!, args)
      }
      setLimit(limit === 'nofile' ? '7' : '0')
      process.kill(pid, 'SIGKILL')
      await shim.line('failed-to-start', 2)
      expect(shim.events('failed-to-start', 'wait').slice(0, 4)).toEqual([
        `failed-to-start fork ${error} retry`,
        'wait 2000',
        `failed-to-start fork ${error} retry`,
        'wait 2000',
      ])
      setLimit('1000')
      await shim.running(2) // a retry is no crash, so max-restarts is not used up
      expect(statField(shim.pid, 3)).toBe('S')
      expect(await shim.down()).toBe('end down')
    })
  }
})

test('a start that hangs, on a log nobody reads, can be stopped', async () => {
  const base = temporaryFolder()
  execFileSync('mkfifo', [join(base, 'fifo')])
  const shim = startShim({ args: ['true'], log: join(base, 'fifo') })
  const { words } = await shim.line('start')
  await until('the child to hang', () => !isLinux || statField(Number(words[0]), 3) === 'S')
  expect(await shim.down()).toBe('end down')
  expect(shim.events('end')).toHaveLength(1)
})

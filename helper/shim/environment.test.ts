import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { descriptors, isLinux, statField, statusLine } from './machine.ts'
import { cleanUp, startShim, temporaryFolder, until, type Shim } from './shim-harness.ts'

afterEach(cleanUp)

/** The ship's environment, of a ship that is `env -0`. */
async function environmentOf(shim: Shim): Promise<string[]> {
  await shim.exited
  return shim.log().split('\0').slice(0, -1)
}

describe('the environment', () => {
  test('is what the definition says, in its order, whatever the names and values are', async () => {
    const env = [
      'LD_LIBRARY_PATH=/no/such',
      ...Array.from({ length: 200 }, (_, index) => `V${index}=value '${index}'\n"$(x)\`\\\t`),
      'my.var=1',
      'a-b=2',
      'ünïcode=ä',
      'lower=1',
      'OPTIND=foo',
      'EMPTY=',
      'EQUALS=a=b==c',
      `LONG=${'x'.repeat(100_000)}`,
      'LANG=C',
      'PATH=/usr/bin:/bin',
    ]
    const shim = startShim({ args: ['env', '-0'], env, bareEnvironment: true, restart: 'no' }, { env: { SECRET: 'x' } })
    expect(await environmentOf(shim)).toEqual(env)
  })

  test('has each name once, with its last value', async () => {
    const env = ['A=1', 'AB=2', 'A=3', 'PATH=/usr/bin:/bin', 'AB=4', 'B=5']
    const shim = startShim({ args: ['env', '-0'], env, bareEnvironment: true, restart: 'no' })
    expect(await environmentOf(shim)).toEqual(['A=3', 'AB=4', 'PATH=/usr/bin:/bin', 'B=5'])
  })

  test('may be empty', async () => {
    const shim = startShim({ args: ['/usr/bin/env', '-0'], bareEnvironment: true, restart: 'no' })
    expect(await environmentOf(shim)).toEqual([])
  })

  test('keeps arguments as they are', async () => {
    const args = ['', 'a b', 'new\nline', '-n', '*', "'", 'ä']
    const shim = startShim({ args: ['printf', '%s\\0', ...args], restart: 'no' })
    expect(await environmentOf(shim)).toEqual(args)
  })
})

describe.skipIf(!isLinux)('the ship starts', () => {
  test('with every signal at its default and none blocked, although its shim blocks them and was started with some ignored', async () => {
    const shim = startShim(
      { args: ['sleep', '1000'] },
      { through: ['sh', '-c', 'trap \'\' HUP TERM CHLD; exec "$@"', 'sh'] },
    )
    const pid = await shim.running()
    for (const mask of ['SigBlk', 'SigIgn', 'SigCgt', 'SigPnd']) expect(statusLine(pid, mask)).toBe('0000000000000000')
    expect(await shim.down()).toBe('end down')
  })

  test('with three descriptors, in the working directory, with its own umask', async () => {
    const base = temporaryFolder()
    // Some parents leave descriptors open.
    const through = ['sh', '-c', 'exec "$@" 7</dev/null 8>/dev/null', 'sh']
    const script = 'umask; touch new; exec sleep 1000'
    const shim = startShim({ args: ['sh', '-c', script], cwd: base }, { base, through })
    const pid = await shim.running()
    await until('the ship to sleep', () => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n')
    const log = join(base, 'log')
    expect([...descriptors(pid)]).toEqual([[0, '/dev/null'], [1, log], [2, log]]) // prettier-ignore
    expect(shim.log()).toMatch(/^0?022\n$/)
    expect(statSync(join(base, 'new')).mode & 0o777).toBe(0o644)
    expect(statSync(log).mode & 0o777).toBe(0o600)
    expect(statSync(join(shim.folder, 'journal')).mode & 0o777).toBe(0o600)
    const held = [...descriptors(shim.pid).values()]
    expect(held.slice(0, 3)).toEqual(['/dev/null', '/dev/null', '/dev/null'])
    const children = `/proc/${shim.pid}/task/${shim.pid}/children`
    const own = [shim.folder, join(shim.folder, 'journal'), join(base, 'lock'), children]
    expect(held.slice(3).sort()).toEqual(own.sort())
  })

  test('in a session and a group of its own, without a terminal; so does the shim', async () => {
    const shim = startShim({ args: ['sleep', '1000'] })
    const pid = await shim.running()
    const [parent, group, session, terminal] = [4, 5, 6, 7].map((field) => Number(statField(pid, field)))
    expect({ parent, group, session, terminal }).toEqual({ parent: shim.pid, group: pid, session: pid, terminal: 0 })
    expect(Number(statField(shim.pid, 6))).toBe(shim.pid)
  })
})

describe('the log', () => {
  test('has stdout and stderr in their order, behind what was there', async () => {
    const base = temporaryFolder()
    writeFileSync(join(base, 'log'), 'before\n')
    const shim = startShim({ args: ['sh', '-c', 'echo 1; echo 2 >&2; echo 3'], restart: 'no' }, { base })
    await shim.exited
    expect(shim.log()).toBe('before\n1\n2\n3\n')
  })

  test('can be two files', async () => {
    const base = temporaryFolder()
    const spec = { args: ['sh', '-c', 'echo 1; echo 2 >&2'], logStderr: join(base, 'errors'), restart: 'no' } as const
    const shim = startShim(spec, { base })
    await shim.exited
    expect([shim.log(), readFileSync(join(base, 'errors'), 'utf8')]).toEqual(['1\n', '2\n'])
  })
})

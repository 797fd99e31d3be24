// The plain life of a ship, told as tests that every build of the shim has to pass: the usual one, one under sanitizers,
// one without the kernel's list of children.
import { afterEach, expect, test } from 'vitest'
import { isAlive, isLinux, strays } from './machine.ts'
import { cleanUp, startShim, until, type StartOptions } from './shim-harness.ts'

/** Defines the tests for the build that `options` gives. They run after `beforeAll`, so it may be made there. */
export function lifeCases(options: () => StartOptions): void {
  afterEach(cleanUp)

  test('a ship that ends is noted with its exit code, and done', async () => {
    const shim = startShim({ args: ['sh', '-c', 'echo hello; exit 3'], restart: 'no' }, options())
    expect(await shim.exited).toEqual({ code: 0, signal: null })
    expect(shim.events('exit', 'end')).toEqual([expect.stringMatching(/^exit 3 \d+ \d+ \d+$/), 'end done'])
    expect(shim.lines().map(({ kind }) => kind)).toEqual(['shim', 'start', 'running', 'exit', 'end'])
    expect(shim.log()).toBe('hello\n')
  })

  test('a ship that crashes is started again, with the delays of its table', async () => {
    const shim = startShim({ args: ['sh', '-c', 'exit 1'], delays: [0, 20], maxRestarts: 3 }, options())
    await shim.exited
    expect(shim.events('wait', 'gave-up', 'end')).toEqual(['wait 20', 'wait 20', 'gave-up 4 60000', 'end gave-up'])
    expect(shim.events('exit')).toHaveLength(4)
  })

  test('a ship that cannot be started is not tried again', async () => {
    const shim = startShim({ args: ['/no/such/program'] }, options())
    await shim.exited
    expect(shim.events().slice(2)).toEqual(['failed-to-start exec 2 final', 'end failed'])
  })

  test('a ship is stopped when it is wished down', async () => {
    const shim = startShim({ args: ['sleep', '1000'] }, options())
    const pid = await shim.running()
    expect(await shim.down()).toBe('end down')
    expect(shim.events('down', 'signal')).toEqual(['down', expect.stringMatching(/^signal 15 - /)])
    expect(isAlive(pid)).toBe(false)
  })

  test.skipIf(!isLinux)('what a ship leaves behind is ended before its next start', async () => {
    const script = 'setsid sleep 1000 & trap "" TERM; sh -c "sleep 1000; :" & exit 4'
    const shim = startShim({ args: ['sh', '-c', script], delays: [0, 60_000], stopTimeoutMs: 100 }, options())
    await shim.line('wait')
    const kinds = shim.lines().map(({ kind }) => kind)
    const expected = ['shim', ...Array(2).fill(['start', 'running', 'exit', 'leftovers', 'kill']).flat(), 'wait']
    expect(kinds).toEqual(expected)
    expect(strays(shim.base)).toEqual([])
  })

  test('a process that does not heed the stop signal is killed when its time is over', async () => {
    const script = 'trap "echo asked" TERM; (trap "" TERM; echo ready; while :; do sleep 0.01; done) & wait; wait'
    const shim = startShim({ args: ['sh', '-c', script], stopTimeoutMs: 200 }, options())
    await until('the ship to set its traps', () => shim.log().includes('ready'))
    expect(await shim.down()).toBe('end down')
    expect(shim.log()).toContain('asked')
    expect(shim.events('kill')).toHaveLength(1)
    expect(strays(shim.base)).toEqual([])
  })

  test('a shim that is told to end lets the run end, and starts no other', async () => {
    const shim = startShim({ args: ['sh', '-c', 'echo up; read x < /dev/zero'] }, options())
    const pid = await shim.running()
    shim.signal('SIGTERM')
    await until('the ship to be up', () => shim.log().includes('up'))
    expect(isAlive(pid)).toBe(true)
    process.kill(pid, 'SIGKILL')
    await shim.exited
    expect(shim.events('signal', 'end')).toEqual([expect.stringMatching(/^signal 9 /), 'end signal-15'])
  })
}

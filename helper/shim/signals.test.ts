import { constants } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { isAlive, isLinux, statField, strays } from './machine.ts'
import { cleanUp, startShim, until } from './shim-harness.ts'

afterEach(cleanUp)

const {
  SIGCHLD,
  SIGCONT,
  SIGHUP,
  SIGINT,
  SIGKILL,
  SIGQUIT,
  SIGSTOP,
  SIGTERM,
  SIGTSTP,
  SIGTTIN,
  SIGTTOU,
  SIGURG,
  SIGWINCH,
} = constants.signals
// 32 and 33 are libc's own.
const all = Array.from({ length: isLinux ? 64 : 31 }, (_, index) => index + 1).filter((n) => n !== 32 && n !== 33)
const stopping = [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU]
const harmless = [SIGCHLD, SIGCONT, SIGURG, SIGWINCH, ...(isLinux ? [] : [constants.signals.SIGINFO])]
const deadly = all.filter((n) => !stopping.includes(n) && !harmless.includes(n))
const told = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]

for (const [target, sign] of [
  ['the ship alone', 1],
  ["the ship's group", -1],
] as const) {
  test(`every deadly signal to ${target} is noted by its number, and the ship comes back`, async () => {
    const shim = startShim({ args: ['sleep', '1000'], limits: ['core:0'] })
    for (const [index, signal] of deadly.entries()) process.kill(sign * (await shim.running(index + 1)), signal)
    await shim.running(deadly.length + 1)
    expect(shim.lines().flatMap(({ kind, words }) => (kind === 'signal' ? [Number(words[0])] : []))).toEqual(deadly)
    expect(await shim.down()).toBe('end down')
  })

  test(`signals to ${target} that end nothing are nothing to the shim`, async () => {
    const shim = startShim({ args: ['sleep', '1000'] })
    const pid = await shim.running()
    for (const signal of [...harmless, ...stopping, SIGCONT]) process.kill(sign * pid, signal)
    await until('the ship to go on', () => statField(pid, 3) === 'S')
    expect(shim.events().map((event) => event.split(' ')[0])).toEqual(['shim', 'start', 'running'])
    expect(await shim.down()).toBe('end down')
  })
}

test('a ship that kills its whole group with SIGKILL takes nothing but itself', async () => {
  const shim = startShim({ args: ['sh', '-c', 'sleep 1000 & kill -9 0'], delays: [0, 60_000] })
  await shim.line('wait')
  expect(shim.lines().filter(({ kind }) => kind === 'signal').map(({ words }) => words[0])).toEqual(['9', '9']) // prettier-ignore
  expect(strays(shim.base)).toEqual([])
  expect(await shim.down()).toBe('end down')
})

test('every signal to the shim but those that tell it to end leaves shim and ship as they are', async () => {
  const shim = startShim({ args: ['sleep', '1000'] })
  const pid = await shim.running()
  for (const signal of all) if (![...told, SIGKILL, SIGSTOP].includes(signal)) shim.signal(signal)
  process.kill(pid, SIGKILL) // it still does its work
  const second = await shim.running(2)
  expect(isAlive(second)).toBe(true)
  expect(await shim.down()).toBe('end down')
})

test.each(told)('signal %d to the shim means: no start after this run', async (signal) => {
  const shim = startShim({ args: ['sleep', '1000'] })
  const pid = await shim.running()
  shim.signal(signal)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(isAlive(pid)).toBe(true)
  process.kill(pid, SIGKILL)
  await shim.exited
  expect(shim.events().at(-1)).toBe(`end signal-${signal}`)
  expect(shim.events('start')).toHaveLength(1)
})

test.each(told)('signal %d to the shim ends its waiting for the next start', async (signal) => {
  const shim = startShim({ args: ['false'], delays: [60_000] })
  await shim.line('wait')
  shim.signal(signal)
  expect(await shim.exited).toEqual({ code: 0, signal: null })
  expect(shim.events().at(-1)).toBe(`end signal-${signal}`)
})

test('the same signal to shim and ship, as a logout sends it, brings nothing back', async () => {
  const shim = startShim({ args: ['sleep', '1000'] })
  const pid = await shim.running()
  shim.signal('SIGTERM')
  process.kill(pid, 'SIGTERM')
  await shim.exited
  expect(shim.events('start', 'end')).toEqual([expect.stringContaining('start'), 'end signal-15'])
})

test('death by a signal and an exit with 128 and its number are told apart', async () => {
  const deaths = await Promise.all(
    ['kill -TERM $$', 'exit 143'].map(async (script) => {
      const shim = startShim({ args: ['sh', '-c', script], restart: 'no' })
      await shim.exited
      return shim.events('exit', 'signal')[0]
    }),
  )
  expect(deaths).toEqual([expect.stringMatching(/^signal 15 - /), expect.stringMatching(/^exit 143 /)])
})

test('a shim that was stopped with SIGSTOP notes afterwards what it missed', async () => {
  const shim = startShim({ args: ['sleep', '1000'] })
  const pid = await shim.running()
  shim.signal('SIGSTOP')
  await until('the shim to stop', () => statField(shim.pid, 3) === 'T')
  process.kill(pid, 'SIGSEGV')
  await until('the ship to end', () => !isAlive(pid))
  expect(shim.events('signal')).toEqual([])
  shim.signal('SIGCONT')
  expect((await shim.line('signal')).words[0]).toBe('11')
  await shim.running(2)
})

test('a stopped ship can be stopped for good', async () => {
  const shim = startShim({ args: ['sleep', '1000'] })
  const pid = await shim.running()
  process.kill(pid, 'SIGSTOP')
  await until('the ship to stop', () => statField(pid, 3) === 'T')
  expect(await shim.down()).toBe('end down')
  expect((await shim.line('signal')).words[0]).toBe('15')
})

test.each([false, true])(
  'a ship lives on when its shim is killed (stopped before: %s), and a new shim gets the lock',
  async (stopped) => {
    const shim = startShim({ args: ['sleep', '1000'] })
    const pid = await shim.running()
    if (stopped) process.kill(pid, 'SIGSTOP')
    shim.signal('SIGKILL')
    await shim.exited
    const next = startShim({ args: ['true'], restart: 'no' }, { base: shim.base, id: 'id-2' })
    await next.exited
    expect(next.events().at(-1)).toBe('end done')
    expect(isAlive(pid)).toBe(true)
  },
)

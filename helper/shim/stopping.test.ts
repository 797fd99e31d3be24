import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { asNobodyElse, childrenOf, isLinux, strays } from './machine.ts'
import { cleanUp, startShim, temporaryFolder, until, type Shim } from './shim-harness.ts'

afterEach(cleanUp)

const loop = 'while :; do sleep 0.01; done'

/** Waits until the ship has written this many lines. */
function said(shim: Shim, count: number): Promise<true> {
  return until(`${count} lines of the ship`, () => shim.log().split('\n').length > count)
}

/** ms between two lines of the journal. */
function between(shim: Shim, first: string, second: string): number {
  const at = (kind: string) => shim.lines().find((line) => line.kind === kind)!.bootMs
  return at(second) - at(first)
}

describe('the time to stop', () => {
  test('is stop-timeout; then SIGKILL goes to what is left', async () => {
    const shim = startShim({ args: ['sh', '-c', `trap "" TERM; echo; ${loop}`], stopTimeoutMs: 300 })
    await said(shim, 1)
    expect(await shim.down()).toBe('end down')
    const kinds = shim.lines().slice(3).map(({ kind }) => kind) // prettier-ignore
    expect(kinds.filter((kind) => kind !== 'leftovers')).toEqual(['down', 'kill', 'signal', 'end'])
    expect(between(shim, 'down', 'kill')).toBeGreaterThanOrEqual(299)
  })

  test('can be given in the wish', async () => {
    const shim = startShim({ args: ['sh', '-c', `trap "" TERM; echo; ${loop}`], stopTimeoutMs: 600_000 })
    await said(shim, 1)
    expect(await shim.down(250)).toBe('end down')
    expect(between(shim, 'down', 'kill')).toBeGreaterThanOrEqual(249)
  })

  test('can be shortened while the ship stops', async () => {
    const shim = startShim({ args: ['sh', '-c', `trap "" TERM; echo; ${loop}`], stopTimeoutMs: 600_000 })
    await said(shim, 1)
    writeFileSync(join(shim.folder, 'down'), 'not a number')
    shim.signal('SIGUSR1')
    await shim.line('down')
    expect(shim.exit).toBeUndefined()
    expect(await shim.down(0)).toBe('end down')
  })

  test('is not waited for by a ship that heeds the signal', async () => {
    const shim = startShim({
      args: ['sh', '-c', `trap "echo bye; exit 0" TERM; echo; ${loop}`],
      stopTimeoutMs: 600_000,
    })
    await said(shim, 1)
    expect(await shim.down()).toBe('end down')
    expect(shim.log()).toContain('bye\n') // the shell may have a word to say on the sleep it waited for
    expect(shim.events('exit')).toEqual([expect.stringMatching(/^exit 0 /)])
  })
})

test('the stop signal is the one of the definition', async () => {
  const shim = startShim({ args: ['sh', '-c', `trap "echo int; exit 7" INT; echo; ${loop}`], stopSignal: 2 })
  await said(shim, 1)
  expect(await shim.down()).toBe('end down')
  expect(shim.events('exit')).toEqual([expect.stringMatching(/^exit 7 /)])
})

test('the whole group of the ship gets the stop signal, once each', async () => {
  const member = (name: string) => `trap "echo ${name} asked" TERM; echo ${name}; ${loop}`
  const shim = startShim({ args: ['sh', '-c', `(${member('child')}) & ${member('ship')}`], stopTimeoutMs: 400 })
  await said(shim, 2)
  expect(await shim.down()).toBe('end down')
  const asked = shim.log().split('\n').filter((line) => line.endsWith('asked')).sort() // prettier-ignore
  expect(asked).toEqual(['child asked', 'ship asked'])
})

describe.skipIf(!isLinux)('what left the group of the ship is stopped as well', () => {
  test('daemons that forked twice, and children in other sessions', async () => {
    const script = '(setsid sh -c "sleep 1001 & sleep 1002 & wait" &); setsid sleep 1003 & exec sleep 1004'
    const shim = startShim({ args: ['sh', '-c', script] })
    await until('all of them to be there', () => strays(shim.base).length === 5)
    expect(await shim.down()).toBe('end down')
    expect(strays(shim.base)).toEqual([])
    expect(shim.events('kill')).toEqual([]) // they got the stop signal, and that was enough
  })

  test('with the stop signal once, when the ship has ended, and SIGKILL when the time is over', async () => {
    const daemon = `trap "echo daemon asked" TERM; echo daemon; ${loop}`
    const shim = startShim({ args: ['sh', '-c', `setsid sh -c '${daemon}' & wait; wait`], stopTimeoutMs: 400 })
    await said(shim, 1)
    expect(await shim.down()).toBe('end down')
    expect(shim.log()).toBe('daemon\ndaemon asked\n')
    expect(shim.lines().slice(3).map(({ kind }) => kind)).toEqual(['down', 'signal', 'leftovers', 'kill', 'end']) // prettier-ignore
    expect(between(shim, 'down', 'kill')).toBeGreaterThanOrEqual(399)
    expect(strays(shim.base)).toEqual([])
  })

  test('also one that comes to light only when its parent ends', async () => {
    const inner = `trap "echo inner asked; exit" TERM; echo inner; ${loop}`
    const outer = `setsid sh -c "$INNER" & trap "echo outer asked; exit" TERM; echo outer; ${loop}`
    const env = [`INNER=${inner}`, `OUTER=${outer}`]
    const shim = startShim({ args: ['sh', '-c', 'setsid sh -c "$OUTER" & wait'], env, stopTimeoutMs: 600_000 })
    await said(shim, 2)
    expect(await shim.down()).toBe('end down')
    expect(shim.log().split('\n').slice(2)).toEqual(['outer asked', 'inner asked', ''])
  })

  test('also processes that flee from session to session without end', async () => {
    const base = temporaryFolder()
    const comet = join(base, 'comet')
    writeFileSync(comet, '#!/bin/sh\ntrap "" TERM\nsetsid "$0" &\nexit 0\n', { mode: 0o755 })
    const shim = startShim({ args: [comet], stopTimeoutMs: 100, delays: [0, 60_000] }, { base })
    await shim.line('wait')
    expect(strays(base)).toEqual([])
    expect(shim.events('leftovers', 'kill').length).toBeGreaterThanOrEqual(2)
  })

  test('also when the shim has no descriptor left', async () => {
    const shim = startShim(
      { args: ['sh', '-c', 'trap "exit 1" TERM; setsid sleep 1000 & wait'] },
      { unprivileged: true },
    )
    await until('both to be there', () => childrenOf(Number(shim.events('running')[0]?.split(' ')[1])).length === 1)
    const [command, ...args] = [...asNobodyElse, 'prlimit', '--pid', String(shim.pid), '--nofile=3:']
    execFileSync(command!, args)
    expect(await shim.down()).toBe('end down')
    expect(shim.events('leftovers')).toEqual(['leftovers 1'])
  })

  test('also many, and stopped ones', async () => {
    const shim = startShim({ args: ['sh', '-c', 'i=0; while [ $i -lt 300 ]; do setsid sleep 1000 & i=$((i+1)); done; kill -STOP $$'], delays: [0] }) // prettier-ignore
    await until('them to be there', () => strays(shim.base).length > 300)
    const one = strays(shim.base).at(-1)!
    process.kill(one, 'SIGSTOP')
    expect(await shim.down(2_000)).toBe('end down')
    expect(strays(shim.base)).toEqual([])
  })
})

test('a wish that is there before the start starts nothing', async () => {
  const base = temporaryFolder()
  mkdirSync(join(base, 'id-1'))
  writeFileSync(join(base, 'id-1', 'down'), '')
  const shim = startShim({ args: ['sleep', '1000'] }, { base })
  expect(await shim.exited).toEqual({ code: 0, signal: null })
  expect(shim.lines().map(({ kind }) => kind)).toEqual(['shim', 'down', 'end'])
})

test('a shim that waits for the lock leaves when it is wished down', async () => {
  const first = startShim({ args: ['sleep', '1000'] })
  await first.running()
  const second = startShim({ args: ['sleep', '1000'] }, { base: first.base, id: 'id-2' })
  writeFileSync(join(second.folder, 'down'), '')
  expect(await second.exited).toEqual({ code: 75, signal: null })
  expect(second.lines()).toEqual([])
  expect(first.exit).toBeUndefined()
})

import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { descriptors, isAlive, isLinux } from './machine.ts'
import { buildShim, cleanUp, specText, startShim, temporaryFolder, until } from './shim-harness.ts'

afterEach(cleanUp)

const sleeping = { args: ['sleep', '1000'] }

describe('one ship has one shim:', () => {
  test('a second one in the same folder leaves at once, and writes nothing', async () => {
    const shim = startShim(sleeping)
    const pid = await shim.running()
    const lines = shim.lines()
    const second = startShim(sleeping, { base: shim.base })
    expect(await second.exited).toEqual({ code: 75, signal: null })
    expect(shim.lines()).toEqual(lines)
    expect(isAlive(pid)).toBe(true)
  })

  test('a second one in another folder leaves after a while, and writes nothing', async () => {
    const shim = startShim(sleeping)
    await shim.running()
    const second = startShim(sleeping, { base: shim.base, id: 'id-2' })
    expect(await second.exited).toEqual({ code: 75, signal: null })
    expect(existsSync(join(second.folder, 'journal'))).toBe(false)
    expect(shim.events('start')).toHaveLength(1)
  })

  test('a second one waits for the first that is on its way out, and begins when it has ended', async () => {
    const slow = 'trap "sleep 0.3; exit" TERM; echo; while :; do sleep 0.01; done'
    const shim = startShim({ args: ['sh', '-c', slow] })
    await shim.running()
    const second = startShim(sleeping, { base: shim.base, id: 'id-2' })
    await shim.down()
    await second.running()
    expect(second.lines()[0]!.bootMs).toBeGreaterThanOrEqual(shim.lines().at(-1)!.bootMs)
  })

  test('of ten at once one starts the ship', async () => {
    const base = temporaryFolder()
    const shims = Array.from({ length: 10 }, (_, index) => startShim(sleeping, { base, id: `id-${index}` }))
    const running = await Promise.any(shims.map(async (shim) => (await shim.running(), shim)))
    expect(shims.flatMap((shim) => shim.events('start'))).toHaveLength(1)
    for (const shim of shims) if (shim !== running) shim.signal('SIGTERM') // told to end while it waits for the lock
    expect(await Promise.all(shims.filter((shim) => shim !== running).map((shim) => shim.exited))).toEqual(
      Array.from({ length: 9 }, () => ({ code: 75, signal: null })),
    )
  })

  test.skipIf(!isLinux)('a lock file that was removed is not taken for the one that is there', async () => {
    const shim = startShim(sleeping)
    await shim.running()
    const second = startShim(sleeping, { base: shim.base, id: 'id-2' })
    await until('it to try the lock', () => [...descriptors(second.pid).values()].includes(join(shim.base, 'lock')))
    rmSync(join(shim.base, 'lock'))
    writeFileSync(join(shim.base, 'lock'), '')
    const third = startShim(sleeping, { base: shim.base, id: 'id-3' })
    await third.running() // the lock is a new one, so this is allowed; but only one of the two may have it
    await shim.down()
    second.signal('SIGTERM')
    expect(await second.exited).toEqual({ code: 75, signal: null })
  })
})

describe('a shim leaves with', () => {
  const status = (...args: string[]) => spawnSync(buildShim(), args, { encoding: 'utf8' })

  test('64 when it is used wrongly', () => {
    for (const args of [[], ['a', 'b'], ['--help'], ['']]) {
      expect(status(...args)).toMatchObject({
        status: 64,
        stderr: expect.stringContaining('usage: keelan-shim SHIM-ID'),
      })
    }
  })

  test('its version when it is asked for it', () => {
    expect(status('--version')).toMatchObject({ status: 0, stdout: 'keelan-shim 1\n', stderr: '' })
  })

  test('73 when there is no spec, or the folder cannot be written to', async () => {
    const base = temporaryFolder()
    expect(spawnSync(buildShim(), ['id'], { cwd: base }).status).toBe(73)
    const shim = startShim(sleeping, { id: 'lock' }) // the lock would have to be where the folder is
    expect(await shim.exited).toMatchObject({ code: 73 })
  })

  test('75 when its journal has a line already', async () => {
    const base = temporaryFolder()
    mkdirSync(join(base, 'id-1'))
    appendFileSync(join(base, 'id-1', 'journal'), '1 1 1 shim 1 x 1 1 .\n')
    expect(await startShim(sleeping, { base }).exited).toMatchObject({ code: 75 })
  })

  const spec = specText(sleeping, '/nowhere')
  const damaged: readonly [string, string][] = [
    ['an empty one', ''],
    ['one that ends within a field', spec.slice(0, -1)],
    ['another format', spec.replace('format=1', 'format=2')],
    ['no format', spec.replace('format=1\0', '')],
    ['a format that is not first', spec.replace('format=1\0', '').concat('format=1\0')],
    ['a key of a newer helper', `${spec}newer=1\0`],
    ['a field without a value', `${spec}user\0`],
    ['an empty value', spec.replace('cwd=/', 'cwd=')],
    ['a second value', `${spec}cwd=/\0`],
    ['a second number', `${spec}window=5\0`],
    ['a path that is not absolute', spec.replace('cwd=/', 'cwd=.')],
    ['no command', spec.replace(/arg=[^\0]*\0/g, '')],
    ...['cwd', 'log', 'restart', 'delays', 'reset-after', 'max-restarts', 'window', 'stop-signal', 'stop-timeout'].map(
      (key): [string, string] => [`no ${key}`, spec.replace(new RegExp(`${key}=[^\\0]*\\0`), '')],
    ),
    ['a variable without =', `${spec}env=A\0`],
    ['a variable without a name', `${spec}env==A\0`],
    ['a delay that is no number', spec.replace('delays=0', 'delays=0,x')],
    ['a delay that is missing', spec.replace('delays=0', 'delays=0,')],
    ['65 delays', spec.replace('delays=0', `delays=${Array(65).fill('1').join(',')}`)],
    ['a negative number', spec.replace(/window=\d+/, 'window=-1')],
    ['a number beyond all measure', spec.replace(/window=\d+/, 'window=99999999999999999999')],
    ['signal 0', spec.replace('stop-signal=15', 'stop-signal=0')],
    ['signal 65', spec.replace('stop-signal=15', 'stop-signal=65')],
    ['an unknown restart', spec.replace('restart=always', 'restart=sometimes')],
    ['a limit it does not know', `${spec}limit=stack:1\0`],
    ['a limit that is no number', `${spec}limit=nofile:many\0`],
    ['a nice that is too high', `${spec}nice=20\0`],
    ['a nice that is too low', `${spec}nice=-21\0`],
  ]

  test.each(damaged)('65 for a spec with this fault: %s', async (_, text) => {
    const shim = startShim(text)
    expect(await shim.exited).toMatchObject({ code: 65 })
    expect(shim.errors).toMatch(/^keelan-shim: .+\n$/)
    expect(existsSync(join(shim.folder, 'journal'))).toBe(false)
  })
})

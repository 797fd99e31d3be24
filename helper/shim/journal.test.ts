import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { childrenOf, descriptors, isLinux, isRoot, statField, statusLine } from './machine.ts'
import { cleanUp, parseJournal, startShim, temporaryFolder, until } from './shim-harness.ts'

afterEach(cleanUp)

/** Where cores go to a program, or root's limit forbids them, none need be dumped. */
const mayDumpCores = isLinux && isRoot && !/^[|/]/.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8'))

describe('the journal', () => {
  test('numbers its lines from 1, and its clocks do not run backwards', async () => {
    const before = Date.now()
    const shim = startShim({ args: ['sh', '-c', 'sleep 0.05; exit 1'], delays: [0, 20], maxRestarts: 3 })
    await shim.exited
    const lines = shim.lines()
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1))
    for (const [index, { wallMs, bootMs }] of lines.entries()) {
      expect(wallMs).toBeGreaterThanOrEqual(before)
      expect(wallMs).toBeLessThanOrEqual(Date.now())
      expect(bootMs).toBeGreaterThanOrEqual(lines[index - 1]?.bootMs ?? 0)
    }
    const [start, exit] = [lines[1]!, lines[3]!]
    expect(exit.bootMs - start.bootMs).toBeGreaterThanOrEqual(50)
    const text = readFileSync(join(shim.folder, 'journal'), 'utf8')
    expect(text.split('\n')).toHaveLength(lines.length + 1) // one line each, and each ended
    expect(parseJournal(text)).toEqual(lines)
  })

  test('says how long the log was before each run', async () => {
    const shim = startShim({ args: ['sh', '-c', 'echo 123456789; exit 1'], maxRestarts: 3 })
    await shim.exited
    expect(shim.lines().flatMap(({ kind, words }) => (kind === 'start' ? [words[2]] : []))).toEqual([
      '0',
      '10',
      '20',
      '30',
    ])
  })

  test('says how much time and memory a run took', async () => {
    const work = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'
    const shim = startShim({ args: ['sh', '-c', work], restart: 'no' })
    await shim.exited
    const [code, user, system, peak] = shim
      .lines()
      .find(({ kind }) => kind === 'exit')!
      .words.map(Number)
    const lasted = shim.lines().at(-1)!.bootMs - shim.lines()[0]!.bootMs
    expect(code).toBe(0)
    expect(user! + system!).toBeGreaterThan(1_000)
    expect((user! + system!) / 1_000).toBeLessThanOrEqual(lasted + 20)
    expect(peak).toBeGreaterThan(200)
    expect(peak).toBeLessThan(100_000)
  })

  test.skipIf(!isLinux)('names boot, shim and ship as the kernel does', async () => {
    const shim = startShim({ args: ['sleep', '1000'] })
    const pid = await shim.running()
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    expect(shim.events('shim')).toEqual([`shim 1 ${boot} ${shim.pid} ${statField(shim.pid, 22)}`])
    expect(shim.events('start')).toEqual([`start ${pid} ${statField(pid, 22)} 0`])
    const uptimeMs = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1_000
    expect(Math.abs(uptimeMs - shim.lines()[0]!.bootMs)).toBeLessThan(60_000)
  })

  test('says whether a core was dumped', async () => {
    const cwd = temporaryFolder() // where it may be left
    const dump = async (limits: string[]) => {
      const shim = startShim({ args: ['sh', '-c', 'ulimit -Sc; kill -SEGV $$'], cwd, restart: 'no', limits })
      await shim.exited
      return [shim.events('signal')[0]!.split(' ')[2], shim.log().trim()]
    }
    expect(await dump(['core:0'])).toEqual(['-', '0'])
    if (mayDumpCores) expect((await dump([`core:${2 ** 24}`]))[0]).toBe('core')
  })
})

test.skipIf(!isLinux)('1,500 runs leave the shim as it was: no memory, no descriptor, no zombie more', async () => {
  const shim = startShim({ args: ['true'] })
  const runs = (count: number) => until(`${count} runs`, () => shim.events('exit').length >= count, 60_000)
  const state = () => ({ rss: statusLine(shim.pid, 'VmRSS'), data: statusLine(shim.pid, 'VmData') })
  await runs(200)
  const before = state()
  await runs(1_500)
  expect(state()).toEqual(before)
  expect(shim.events('wait', 'signal')).toEqual([])
  shim.signal('SIGTERM')
  await shim.exited
  expect(shim.events('start').length).toBe(shim.events('exit').length)

  const quiet = startShim({ args: ['sh', '-c', '[ -e done ] && exec sleep 1000; echo x >> count; [ $(wc -l < count) -lt 300 ] || touch done'], cwd: shim.base }) // prettier-ignore
  await quiet.running(301)
  expect(descriptors(quiet.pid).size).toBe(7)
  expect(childrenOf(quiet.pid)).toHaveLength(1)
})

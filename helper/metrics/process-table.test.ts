import { spawn } from 'node:child_process'
import { expect, onTestFinished, test, vi } from 'vitest'
import { parsePs, parseStat, readProcesses } from './process-table.ts'

test('reads the fields of a process, whatever it calls itself', () => {
  const text =
    '4711 (a) R 9 (x) S 17 4711 4711 0 -1 4194304 5 6 7 8 100 23 4000 500 20 0 1 0 123456 8192000 50 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 1 2 3 4 5 777 888 0\n'
  expect(parseStat(4711, text, 4_096)).toEqual({
    pid: 4711,
    parent: 17,
    startTicks: 123_456,
    ownTicks: 123,
    childTicks: 4_500,
    rssBytes: 50 * 4_096,
    environmentAt: '777',
  })
})

test('reads what ps of macOS writes, and passes over what it does not know', () => {
  const table = '    1     0  12345   1:02.50\n  501     1   2048 1-02:03:04\n garbage\n\n'
  expect(parsePs(table)).toMatchObject([
    { pid: 1, parent: 0, rssBytes: 12_345 * 1_024, ownTicks: 6_250 },
    { pid: 501, parent: 1, rssBytes: 2_048 * 1_024, ownTicks: 9_378_400 },
  ])
})

test.skipIf(process.platform !== 'linux')('lists real processes with what they use', async () => {
  const program = 'for (const until = Date.now() + 300; Date.now() < until;); setInterval(() => {}, 1e6)'
  const child = spawn(process.execPath, ['-e', program])
  onTestFinished(() => void child.kill('SIGKILL'))
  await vi.waitFor(
    async () => {
      const row = (await readProcesses()).find(({ pid }) => pid === child.pid)
      expect(row?.parent).toBe(process.pid)
      expect(row?.ownTicks).toBeGreaterThanOrEqual(10)
      expect(row?.rssBytes).toBeGreaterThan(10 * 1_048_576)
      expect(row?.rssBytes).toBeLessThan(500 * 1_048_576)
    },
    { timeout: 10_000 },
  )
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { beginRetention } from './retention.ts'

const hourMs = 3_600_000

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 22, 1, 0), toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => void vi.useRealTimers())

/** Lets so many hours pass, and what is loaded meanwhile arrive. */
async function hours(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await vi.advanceTimersByTimeAsync(hourMs)
    await import('node-cron')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('what is old is forgotten every night, and no more once that was stopped', async () => {
  const forget = vi.fn(async () => {})
  const retention = beginRetention(forget)
  await hours(2)
  expect(forget).toHaveBeenCalledTimes(0)
  await hours(1)
  expect(forget).toHaveBeenCalledTimes(1)
  await hours(24)
  expect(forget).toHaveBeenCalledTimes(2)
  await retention.stop()
  await hours(48)
  expect(forget).toHaveBeenCalledTimes(2)
})

test('a helper that ends before its first hour schedules nothing', async () => {
  const forget = vi.fn(async () => {})
  await beginRetention(forget).stop()
  await hours(48)
  expect(forget).not.toHaveBeenCalled()
})

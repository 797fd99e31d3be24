import { expect, test } from 'vitest'
import { MemoryShares } from './memory-shares.ts'
import { row } from './testing/rows.ts'

const mib = 1_048_576

test('gives each process its part of the pages that it shares', () => {
  const shares = new MemoryShares((pid) => (pid === 1 ? 0.5 : null))
  const rows = [row(1, 0, { rssBytes: 10 * mib }), row(2, 0, { rssBytes: 10 * mib })]
  expect(rows.map((each) => shares.bytesOf(each))).toEqual([10 * mib, 10 * mib])
  shares.refresh(rows)
  expect(rows.map((each) => shares.bytesOf(each))).toEqual([5 * mib, 10 * mib])
  // Between two readings it grows and shrinks with the whole.
  expect(shares.bytesOf(row(1, 0, { rssBytes: 30 * mib }))).toBe(15 * mib)
})

test('reads no more than there is time for: those never read first, then those read longest ago', () => {
  const read: number[] = []
  let nowMs = 0
  const shares = new MemoryShares(
    (pid) => {
      read.push(pid)
      nowMs += 1
      return 1
    },
    () => nowMs,
  )
  const rows = [1, 2, 3, 4, 5, 6].map((pid) => row(pid, 0, { rssBytes: mib }))
  shares.refresh(rows)
  expect(read.splice(0)).toEqual([1, 2, 3, 4])
  shares.refresh(rows)
  expect(read.splice(0)).toEqual([5, 6, 1, 2])
  shares.refresh([...rows, row(7, 0, { rssBytes: mib })])
  expect(read.splice(0)).toEqual([7, 3, 4, 5])
})

test('does not read what is large, empty or gone, and each but once in a round', () => {
  const read: number[] = []
  const shares = new MemoryShares((pid) => read.push(pid))
  shares.refresh([row(1, 0, { rssBytes: 300 * mib }), row(2, 0), row(3, 0, { rssBytes: mib })])
  shares.refresh([])
  expect(read).toEqual([3])
})

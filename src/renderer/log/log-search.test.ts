import { expect, test } from 'vitest'
import { KeelanError } from '../../../helper/api/errors.ts'
import type { SearchLine } from '../../../helper/api/ship.ts'
import { LogSearch, type Search } from './log-search.ts'

const query = { text: 'x', regex: false, case: false }

/** A search that answers as the helper does, over a log of one generation in which lines match at `offsets`. */
function searchOver(offsets: number[], log = { size: 100_000_000, limit: Infinity }) {
  const asked: { from: number; limit: number }[] = []
  const search: Search = async function* ({ from, limit }, signal) {
    asked.push({ from: from?.offset ?? 0, limit })
    const matching = offsets.filter((offset) => offset >= (from?.offset ?? 0))
    const told = matching.slice(0, Math.min(limit, log.limit))
    for (let at = 0; at < told.length; at += 10) {
      signal.throwIfAborted()
      yield [{ type: 'matches', generation: 1, offsets: told.slice(at, at + 10) }] satisfies SearchLine[]
    }
    yield [{ type: 'progress', searchedBytes: log.size, totalBytes: log.size }]
    yield [{ type: 'done', count: matching.length, end: `1:${log.size}` }]
  }
  return { asked, log, search: new LogSearch(search) }
}

test('finds all lines and the next one either way', async () => {
  const { search } = searchOver([0, 50, 70])
  await search.start(query)
  expect(search.state()).toMatchObject({ phase: 'done', count: 3, known: 3, offsets: [0, 50, 70] })
  expect(await search.nearest(50, 'next')).toBe(70)
  expect(await search.nearest(50, 'previous')).toBe(0)
  expect(await search.nearest(60, 'previous')).toBe(50)
  expect(await search.nearest(70, 'next')).toBeNull()
  expect(await search.nearest(0, 'previous')).toBeNull()
})

test('goes on with what was written since', async () => {
  const offsets = [0, 50]
  const { search, log, asked } = searchOver(offsets, { size: 60, limit: Infinity })
  await search.start(query)
  offsets.push(61, 80)
  log.size = 90
  await search.goOn()
  expect(asked.map(({ from }) => from)).toEqual([0, 60])
  expect(search.state()).toMatchObject({ count: 4, offsets: [0, 50, 61, 80] })
})

test('steps on beyond the matches whose places it knows', async () => {
  const offsets = Array.from({ length: 100 }, (_, i) => i * 1_000_000)
  const { search } = searchOver(offsets, { size: 100_000_000, limit: 20 })
  await search.start(query)
  expect(search.state()).toMatchObject({ count: 100, known: 20 })
  expect(await search.nearest(19_000_000, 'next')).toBe(20_000_000)
  expect(await search.nearest(98_500_000, 'next')).toBe(99_000_000)
  expect(await search.nearest(99_000_000, 'next')).toBeNull()
  expect(await search.nearest(99_000_000, 'previous')).toBe(98_000_000)
  expect(await search.nearest(20_000_000, 'previous')).toBe(19_000_000)
  expect(await search.nearest(19_000_000, 'previous')).toBe(18_000_000)
})

test('looks further and further back where matches are rare', async () => {
  const { search, asked } = searchOver([0, 10, 99_999_999], { size: 100_000_000, limit: 1 })
  await search.start(query)
  expect(await search.nearest(99_999_999, 'previous')).toBe(10)
  expect(asked.length).toBeLessThan(8)
})

test('tells why nothing can be found', async () => {
  // oxlint-disable-next-line require-yield -- it fails before
  const search = new LogSearch(async function* () {
    throw new KeelanError('INVALID_REQUEST', 'query.text: Unterminated group')
  })
  await search.start(query)
  expect(search.state()).toMatchObject({ phase: 'failed', message: 'query.text: Unterminated group' })
})

test.each([
  new KeelanError('HELPER_NOT_RUNNING', 'no helper'),
  new KeelanError('LOG_POSITION_GONE', 'truncated'),
  new TypeError('network error'),
])('waits to be started again after %s', async (error) => {
  let fails = true
  const search = new LogSearch(async function* () {
    yield [{ type: 'matches', generation: 2, offsets: [5] }]
    if (fails) throw error
    yield [{ type: 'done', count: 1, end: '2:9' }]
  })
  await search.start(query)
  expect(search.state()).toMatchObject({ phase: 'waiting', query })
  fails = false
  await search.restart()
  expect(search.state()).toMatchObject({ phase: 'done', count: 1, offsets: [5], generation: 2 })
})

test('a new search leaves the one before it behind', async () => {
  let goOn = (): void => {}
  const search = new LogSearch(async function* ({ text }, signal) {
    yield [{ type: 'matches', generation: 1, offsets: text === 'old' ? [1] : [2] }]
    if (text === 'old') await new Promise<void>((resolve) => (goOn = resolve))
    signal.throwIfAborted()
    yield [{ type: 'done', count: 1, end: '1:9' }]
  })
  const old = search.start({ ...query, text: 'old' })
  await search.start({ ...query, text: 'new' })
  goOn()
  await old
  expect(search.state()).toMatchObject({ query: { text: 'new' }, offsets: [2], count: 1, phase: 'done' })
  await search.start({ ...query, text: '' })
  expect(search.state()).toMatchObject({ query: null, phase: 'idle', count: 0 })
})

import { appendFileSync, closeSync, ftruncateSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { LogNotes } from './log-index.ts'
import type { Position } from './position.ts'
import { type LogPage, pageBackward, pageForward, streamRange } from './read-log.ts'
import { newLogs } from './testing/new-logs.ts'

const newLog = newLogs()
const MANY = { lines: 1e9, maxBytes: 1e9 }
const at = (offset: number): Position => ({ generation: 1, offset })
const textOf = async (log: string, page: LogPage) => (await buffer(streamRange(log, page))).toString()

// Bytes that make lines of all lengths, none included.
const someBytes = fc
  .array(fc.oneof(fc.constant(10), fc.integer({ min: 0, max: 255 })), { maxLength: 300 })
  .map((bytes) => Buffer.from(bytes))
const someLimits = fc.record({ lines: fc.integer({ min: 1, max: 9 }), maxBytes: fc.integer({ min: 1, max: 40 }) })

async function pages(next: (last: LogPage | undefined) => Promise<LogPage>): Promise<LogPage[]> {
  const all: LogPage[] = []
  for (let page = await next(undefined); page.from < page.to; page = await next(page)) all.push(page)
  return all
}

test('paging forward or backward with any limits gives exactly the file', async () => {
  const log = newLog()
  await fc.assert(
    fc.asyncProperty(someBytes, someLimits, async (bytes, limits) => {
      writeFileSync(log, bytes)
      const forward = await pages((last) => pageForward(log, at(last?.to ?? 0), limits))
      const backward = (await pages((last) => pageBackward(log, last && at(last.from), limits))).toReversed()
      for (const all of [forward, backward]) {
        const parts = await Promise.all(all.map((page) => buffer(streamRange(log, page))))
        expect(Buffer.concat(parts).equals(bytes)).toBe(true)
        for (const page of all) expect(page.to - page.from).toBeLessThanOrEqual(limits.maxBytes)
      }
    }),
    { numRuns: 60 },
  )
})

test('pages hold as many whole lines as they were asked for', async () => {
  const log = newLog()
  await fc.assert(
    fc.asyncProperty(someBytes, fc.integer({ min: 1, max: 9 }), async (bytes, lines) => {
      writeFileSync(log, bytes)
      const all = bytes.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? []
      const limits = { lines, maxBytes: 1e9 }
      const first = await buffer(streamRange(log, await pageForward(log, at(0), limits)))
      const last = await buffer(streamRange(log, await pageBackward(log, undefined, limits)))
      expect(first.toString('latin1')).toBe(all.slice(0, lines).join(''))
      expect(last.toString('latin1')).toBe(all.slice(-lines).join(''))
    }),
    { numRuns: 60 },
  )
})

test('a last line without a newline is a line', async () => {
  const log = newLog()
  writeFileSync(log, 'one\ntwo\nthree')
  expect(await textOf(log, await pageBackward(log, undefined, { lines: 1, maxBytes: 100 }))).toBe('three')
  expect(await textOf(log, await pageForward(log, at(4), { lines: 2, maxBytes: 100 }))).toBe('two\nthree')
})

test('a page ends between two lines, unless one line alone is too long', async () => {
  const log = newLog()
  writeFileSync(log, 'one\ntwo\na line that is long\n')
  const limits = { lines: 10, maxBytes: 9 }
  expect(await textOf(log, await pageForward(log, at(0), limits))).toBe('one\ntwo\n')
  expect(await textOf(log, await pageForward(log, at(8), limits))).toBe('a line th')
  expect(await textOf(log, await pageBackward(log, at(8), limits))).toBe('one\ntwo\n')
  expect(await textOf(log, await pageBackward(log, undefined, limits))).toBe(' is long\n')
  expect(await textOf(log, await pageBackward(log, at(8), { lines: 10, maxBytes: 4 }))).toBe('two\n')
  expect(await textOf(log, await pageBackward(log, undefined, { lines: 10, maxBytes: 24 }))).toBe(
    'two\na line that is long\n',
  )
})

test('no lines are an empty page', async () => {
  const log = newLog()
  writeFileSync(log, 'one\n')
  expect(await pageForward(log, at(0), { ...MANY, lines: 0 })).toMatchObject({ from: 0, to: 0 })
  expect(await pageBackward(log, undefined, { ...MANY, lines: 0 })).toMatchObject({ from: 4, to: 4 })
})

test('a missing log reads as an empty one', async () => {
  const nothing = { generation: 1, from: 0, to: 0, size: 0 }
  expect(await pageForward(newLog(), at(5), MANY)).toEqual(nothing)
  expect(await pageBackward(newLog(), undefined, MANY)).toEqual(nothing)
  const log = newLog()
  writeFileSync(log, '')
  expect(await pageForward(log, at(0), MANY)).toEqual(nothing)
  expect(await pageBackward(log, undefined, MANY)).toEqual(nothing)
})

test('a position beyond the end counts as the end', async () => {
  const log = newLog()
  writeFileSync(log, 'one\n')
  expect(await pageForward(log, at(99), MANY)).toMatchObject({ from: 4, to: 4 })
  expect(await pageBackward(log, at(99), MANY)).toMatchObject({ from: 0, to: 4 })
})

test('a position of a former generation leads to the start of the present one', async () => {
  const log = newLog()
  const notes = new LogNotes(() => undefined)
  notes.add(log, 0)
  appendFileSync(log, 'a long first line\n')
  notes.tick(1_000)
  truncateSync(log, 0)
  appendFileSync(log, 'new\n')
  expect(await pageForward(log, at(10), MANY)).toEqual({ generation: 2, from: 0, to: 4, size: 4 })
  expect(await pageBackward(log, at(10), MANY)).toEqual({ generation: 2, from: 0, to: 0, size: 4 })
  await expect(buffer(streamRange(log, { generation: 1, from: 0, to: 4 }))).rejects.toMatchObject({
    code: 'log-replaced',
  })
})

test('the last 100 lines of a file of 1 GB are found by reading little of it', async () => {
  const log = newLog()
  const lines = Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join('')
  const fd = openSync(log, 'w')
  ftruncateSync(fd, 1024 ** 3)
  writeSync(fd, `\n${lines}`, 1024 ** 3)
  closeSync(fd)

  const handle = await open(log)
  const read = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'read')
  await handle.close()
  const page = await pageBackward(log, undefined, { lines: 100, maxBytes: 1e9 })
  const results = await Promise.all(read.mock.results.map((result) => result.value as Promise<{ bytesRead: number }>))
  read.mockRestore()

  expect(await textOf(log, page)).toBe(lines)
  expect(results.length).toBeGreaterThan(0)
  expect(results.reduce((sum, { bytesRead }) => sum + bytesRead, 0)).toBeLessThanOrEqual(64 * 1024)
})

test('a stream reads no further than it is taken', async () => {
  const log = newLog()
  writeFileSync(log, '')
  truncateSync(log, 50 * 1024 * 1024)
  const handle = await open(log)
  const read = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'read')
  await handle.close()
  const stream = streamRange(log, { generation: 1, from: 0, to: 50 * 1024 * 1024 })
  const taken = stream.iterator({ destroyOnReturn: true })
  await taken.next()
  await new Promise((resolve) => setImmediate(resolve))
  expect(read).toHaveBeenCalled()
  expect(read.mock.calls.length).toBeLessThan(10)
  read.mockRestore()
  await taken.return?.()
})

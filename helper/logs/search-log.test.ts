import { appendFileSync, truncateSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LogNotes } from './log-index.ts'
import { type LineEntry, searchLog, type SearchOptions } from './search-log.ts'
import { newLogs } from './testing/new-logs.ts'

const newLog = newLogs()

async function search(log: string, options?: SearchOptions): Promise<LineEntry[]> {
  const entries: LineEntry[] = []
  for await (const entry of searchLog(log, options)) entries.push(entry)
  return entries
}

const texts = async (log: string, options?: SearchOptions) =>
  (await search(log, options)).map(({ bytes }) => bytes.toString())

function logOf(content: string | Buffer): string {
  const log = newLog()
  writeFileSync(log, content)
  return log
}

test('gives each line with where it begins and where the next one does', async () => {
  expect(await search(logOf('one\n\nthree'))).toEqual([
    { generation: 1, offset: 0, next: 4, time: undefined, bytes: Buffer.from('one'), continued: false },
    { generation: 1, offset: 4, next: 5, time: undefined, bytes: Buffer.from(''), continued: false },
    { generation: 1, offset: 5, next: 10, time: undefined, bytes: Buffer.from('three'), continued: false },
  ])
})

test('lines put together are the file, be it longer than a block or than memory should hold', async () => {
  const lengths = [0, 3, 700_000, 10, 1024 * 1024 - 1, 1024 * 1024, 3_000_000, 0, 5]
  const content = Buffer.concat(lengths.map((length, i) => Buffer.from(`${String(i).repeat(length)}\n`)))
  const entries = await search(logOf(content))
  const whole = entries.map(({ bytes, continued }) => (continued ? bytes : Buffer.concat([bytes, Buffer.from('\n')])))
  expect(Buffer.concat(whole).equals(content)).toBe(true)
  for (const [i, entry] of entries.entries()) {
    expect(entry.bytes.length).toBeLessThanOrEqual(1024 * 1024)
    expect(entry.offset).toBe(entries[i - 1]?.next ?? 0)
  }
  expect(entries.filter(({ continued }) => continued).length).toBeGreaterThanOrEqual(3)
})

test('a pattern finds what it finds in the lines one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.stringMatching(/^[ab\r é]{0,6}$/)), async (lines) => {
      const log = logOf(lines.map((line) => `${line}\n`).join(''))
      const expected = lines.filter((line) => /^a|éb?$/.test(line.replace(/\r$/, '')))
      expect(await texts(log, { pattern: /^a|éb?$/g })).toEqual(expected)
    }),
    { numRuns: 10 },
  )
})

test('a pattern may have letters of any language, and a line bytes of none', async () => {
  const log = logOf(Buffer.concat([Buffer.from('Grüße\n'), Buffer.from([0xff, 0, 0x80, 10]), Buffer.from('GRÜSSE\n')]))
  expect(await texts(log, { pattern: /grü/i })).toEqual(['Grüße', 'GRÜSSE'])
})

test('begins and ends where it is told to, and after as many as it is told', async () => {
  const log = logOf('one\ntwo\nthree\nfour\n')
  expect(await texts(log, { from: { generation: 1, offset: 4 }, to: 14 })).toEqual(['two', 'three'])
  expect(await texts(log, { pattern: /o/, limit: 2 })).toEqual(['one', 'two'])
  expect(await texts(log, { limit: 0 })).toEqual([])
  expect(await texts(log, { from: { generation: 5, offset: 4 }, limit: 1 })).toEqual(['one'])
  expect(await texts(log, { from: { generation: 1, offset: 400 } })).toEqual([])
  expect(await texts(newLog())).toEqual([])
})

test('since a time, gives what was written from then on, the line then being written included', async () => {
  const log = newLog()
  const notes = new LogNotes(() => undefined)
  notes.add(log, 0)
  for (const [timeMs, text] of [
    [1_000, 'one\ntw'],
    [2_000, 'o\nthree\n'],
    [3_000, 'four\n'],
  ] as const) {
    appendFileSync(log, text)
    notes.tick(timeMs)
  }
  appendFileSync(log, 'five\n')
  expect(await texts(log, { sinceMs: 1_500 })).toEqual(['two', 'three', 'four', 'five'])
  expect(await texts(log, { sinceMs: 3_000 })).toEqual(['four', 'five'])
  expect(await texts(log, { sinceMs: 9_000 })).toEqual(['five'])
  expect((await search(log)).map(({ time }) => time?.timeMs)).toEqual([1_000, 1_000, 2_000, 3_000, undefined])
})

test('a pattern that backtracks for ever fails and the event loop goes on meanwhile', async () => {
  const log = logOf(`${'a'.repeat(100)}!\n`)
  let turns = 0
  const counting = setInterval(() => turns++, 1)
  const searching = texts(log, { pattern: /^(a+)+$/, patternLimitMs: 100 })
  await expect(searching).rejects.toMatchObject({ code: 'pattern-too-slow' })
  clearInterval(counting)
  expect(turns).toBeGreaterThan(3)
})

test('a search can be aborted before and while it goes on', async () => {
  const log = logOf('one\ntwo\n')
  await expect(texts(log, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before')
  const stop = new AbortController()
  const entries = searchLog(log, { signal: stop.signal })
  await entries.next()
  stop.abort(new Error('enough'))
  await expect(entries.next()).rejects.toThrow('enough')
})

test('the event loop has its turns while a log of nothing but newlines is read', async () => {
  const log = logOf(Buffer.alloc(1024 * 1024, 10))
  let turns = 0
  const turn = () => {
    turns++
    counting = setImmediate(turn)
  }
  let counting = setImmediate(turn)
  let lines = 0
  for await (const _line of searchLog(log)) lines++
  clearImmediate(counting)
  expect(lines).toBe(1024 * 1024)
  expect(turns).toBeGreaterThan(5)
})

test('a long line without an end is given piece by piece', async () => {
  const log = logOf('')
  truncateSync(log, 20 * 1024 * 1024)
  const entries = searchLog(log)
  const first = await entries.next()
  expect(first.value).toMatchObject({ offset: 0, next: 1024 * 1024, continued: true })
  await entries.return(undefined)
})

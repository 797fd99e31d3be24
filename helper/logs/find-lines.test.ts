import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findLines, type FindOptions, type FoundLines } from './find-lines.ts'
import type { Wanted } from './line-finder.ts'
import { LogNotes } from './log-index.ts'
import { newLogs } from './testing/new-logs.ts'

const newLog = newLogs()
const block = 256 * 1024

function logOf(content: string | Buffer): string {
  const log = newLog()
  writeFileSync(log, content)
  return log
}

async function find(log: string, wanted: string | Partial<Wanted>, options: Partial<FindOptions> = {}) {
  const asked = { text: '', regex: false, case: true, ...(typeof wanted === 'string' ? { text: wanted } : wanted) }
  const search = findLines(log, asked, { signal: new AbortController().signal, ...options })
  const items: FoundLines[] = []
  for (;;) {
    const item = await search.next()
    if (item.done) return { offsets: items.flatMap(({ offsets }) => offsets), end: item.value, items }
    items.push(item.value)
  }
}

const offsets = async (log: string, wanted: string | Partial<Wanted>) => (await find(log, wanted)).offsets

test('gives the first byte of each line that matches, once however often it does', async () => {
  const log = logOf('one two one\nthree\n\none\ntwo')
  expect(await offsets(log, 'one')).toEqual([0, 19])
  expect(await offsets(log, 'two')).toEqual([0, 23])
  expect(await offsets(log, 'four')).toEqual([])
  expect(await offsets(log, { text: '^t|^$', regex: true })).toEqual([12, 18, 23])
})

test('upper and lower case differ only if they are to, beyond ASCII too', async () => {
  const log = logOf('Straße ÉTÉ\nSTRASSE été\nerror\nERROR Σίσυφος\n')
  const anyCase = (text: string, regex = false) => offsets(log, { text, regex, case: false })
  expect(await offsets(log, 'error')).toEqual([28])
  expect(await anyCase('Error')).toEqual([28, 34])
  expect(await anyCase('ÉTÉ')).toEqual([0, 14])
  expect(await anyCase('σΊσυφοΣ')).toEqual([34])
  expect(await anyCase('^e.{4}$', true)).toEqual([28])
  expect(await offsets(log, { text: '^e', regex: true })).toEqual([28])
})

test('what means something in a regular expression is plain text unless it is to be one', async () => {
  const log = logOf('a.c\nabc\n[x]\n')
  for (const isCase of [true, false]) {
    expect(await offsets(log, { text: 'a.c', case: isCase })).toEqual([0])
    expect(await offsets(log, { text: '[X]', case: isCase })).toEqual(isCase ? [] : [8])
    expect(await offsets(log, { text: 'a.c', case: isCase, regex: true })).toEqual([0, 4])
  }
})

test('bytes that are no text are looked at as they are', async () => {
  const log = logOf(Buffer.from([0xff, 0xfe, 10, 0xc3, 0x28, 0x6f, 0x6b, 0, 10, 0xe2, 0x82, 10]))
  for (const isCase of [true, false])
    expect(await offsets(log, { text: isCase ? 'ok' : 'OK', case: isCase })).toEqual([3])
  expect(await offsets(log, { text: 'OK\u0000', case: false })).toEqual([3])
})

test('a line longer than a block counts once, and a match is found wherever it is cut', async () => {
  const long = Buffer.alloc(3 * block + 100, 'x')
  for (const at of [block - 3, 2 * block - 4, 3 * block]) long.write('needle', at)
  const log = logOf(Buffer.concat([Buffer.from('first\n'), long, Buffer.from('\nneedle\nlast\n')]))
  const expected = [6, 6 + long.length + 1]
  for (const isCase of [true, false])
    expect(await offsets(log, { text: isCase ? 'needle' : 'NEEDLE', case: isCase })).toEqual(expected)
  expect(await offsets(log, { text: 'need', regex: true })).toEqual(expected)
  expect(await offsets(log, { text: 'ñeedle', case: false })).toEqual([])
})

test('finds the same as going line by line does, in logs of many blocks', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `${i} ${i % 7 === 0 ? 'Needle' : 'hay'}`)
  const expected: number[] = []
  let at = 0
  for (const line of lines) {
    if (line.includes('Needle')) expected.push(at)
    at += line.length + 1
  }
  const log = logOf(`${lines.join('\n')}\n`)
  expect(await offsets(log, 'Needle')).toEqual(expected)
  expect(await offsets(log, { text: 'nEEDLE', case: false })).toEqual(expected)
  expect(await offsets(log, { text: ' Needle$', regex: true })).toEqual(expected)
  const { items, end } = await find(log, 'Needle')
  expect(items.at(-1)).toMatchObject({ searchedBytes: at, totalBytes: at })
  expect(items.length).toBeGreaterThan(1)
  expect(end).toEqual({ generation: 1, offset: at })
})

test('however a log grows, searches that go on where the last one ended tell each line once', async () => {
  const piece = fc.stringMatching(/^[abN\n]{0,8}$/)
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.boolean(), async (pieces, regex) => {
      const log = logOf('')
      const told: number[] = []
      let from: FindOptions['from']
      for (const text of pieces) {
        appendFileSync(log, text)
        const result = await find(log, { text: 'N', regex }, { from })
        told.push(...result.offsets)
        from = result.end
      }
      expect(told).toEqual(await offsets(log, 'N'))
    }),
    { numRuns: 60 },
  )
})

test('begins where it is told to; a line that began before counts as told', async () => {
  const log = logOf('one\none two\none\n')
  const from = (offset: number) => find(log, 'o', { from: { generation: 1, offset } })
  expect((await from(4)).offsets).toEqual([4, 12])
  expect((await from(6)).offsets).toEqual([12])
  expect(await from(16)).toMatchObject({ offsets: [], end: { generation: 1, offset: 16 }, items: [] })
})

test('a log that does not exist has no lines', async () => {
  expect(await find(newLog(), 'x')).toEqual({ offsets: [], end: { generation: 1, offset: 0 }, items: [] })
})

test.each<[string, (log: string) => void]>([
  ['truncated', (log) => truncateSync(log, 10)],
  [
    'replaced',
    (log) => {
      writeFileSync(`${log}.other`, 'x\n'.repeat(block))
      renameSync(`${log}.other`, log)
    },
  ],
])('fails when the log is %s meanwhile', async (_, change) => {
  const log = logOf('x\n'.repeat(block))
  new LogNotes(() => {}).add(log, Date.now())
  const search = findLines(log, { text: 'x', regex: false, case: true }, { signal: new AbortController().signal })
  await search.next()
  change(log)
  await expect(
    (async () => {
      while (!(await search.next()).done);
    })(),
  ).rejects.toMatchObject({ code: 'log-replaced' })
})

test('ends with the reason of its signal, also within a pattern that never does', async () => {
  const log = logOf(`${'a'.repeat(40)}b\n`.repeat(10))
  const reason = new Error('enough')
  const gone = new AbortController()
  const never = find(log, { text: '^(a+)+$', regex: true }, { signal: gone.signal })
  setTimeout(() => gone.abort(reason), 50)
  await expect(never).rejects.toBe(reason)
  await expect(find(log, { text: '^(a+)+$', regex: true }, { patternLimitMs: 50 })).rejects.toMatchObject({
    code: 'pattern-too-slow',
  })
})

test('lets others have their turn while every line matches', async () => {
  const log = logOf('x\n'.repeat(4 * block))
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  const { offsets: found } = await find(log, 'x')
  clearInterval(timer)
  expect(found).toHaveLength(4 * block)
  // A loaded machine makes anything late; one block without a pause would take longer than this.
  expect(longest).toBeLessThan(100)
})

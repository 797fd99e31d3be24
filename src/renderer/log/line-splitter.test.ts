import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keptBytes, type LogLine } from './log-line.ts'
import { LineSplitter } from './line-splitter.ts'

const encoder = new TextEncoder()
const bytes = (text: string) => encoder.encode(text)
const now = 1_000

test('makes lines of bytes, whatever pieces they come in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.array(fc.nat()), (first, second, cuts) => {
      const all = bytes(`${first}\n${second}\n\n${first}`)
      const splitter = new LineSplitter(7)
      const lines: LogLine[] = []
      let rest: LogLine | null = null
      const places = [...cuts.map((cut) => cut % all.length), all.length].sort((a, b) => a - b)
      places.forEach((to, index) => {
        const split = splitter.push(all.subarray(places[index - 1] ?? 0, to), 1_000, now)
        lines.push(...split.lines)
        rest = split.rest
      })
      const whole = [...lines, ...(rest ? [rest as LogLine] : [])]
      expect(whole.map(({ text }) => text).join('\n')).toBe(`${first}\n${second}\n\n${first}`.replace(/\n$/, ''))
      expect(splitter.position).toBe(7 + all.length)
      whole.forEach(({ offset }, index) => expect(offset).toBe(whole[index - 1]?.end ?? 7))
    }),
  )
})

test('a line has the time at which its own first byte came, not that of the end of the line before', () => {
  const splitter = new LineSplitter(0)
  const lines = [1_000, 6_000, 11_000].flatMap((at) => splitter.push(bytes('tick\n'), 10, at).lines)
  expect(lines.map(({ time }) => time)).toEqual([1_000, 6_000, 11_000])
  expect(splitter.push(bytes('no'), 10, 20_000).rest).toMatchObject({ time: 20_000 })
  expect(splitter.push(bytes(' end\n\n'), 10, 30_000).lines.map(({ time }) => time)).toEqual([20_000, 30_000])
})

test('counts the lines that are too many instead of making them', () => {
  const splitter = new LineSplitter(0)
  splitter.push(bytes('begun '), 3, now)
  const { dropped, lines, rest } = splitter.push(bytes('1\n2\n3\n4\n5\nend'), 2, now)
  expect(dropped).toBe(3)
  expect(lines.map(({ offset, end, text }) => [offset, end, text])).toEqual([
    [12, 14, '4'],
    [14, 16, '5'],
  ])
  expect(rest).toMatchObject({ offset: 16, end: 19, text: 'end' })
})

test('keeps the beginning of a line however long it grows, and its true length', () => {
  const splitter = new LineSplitter(0)
  for (let i = 0; i < 100; i++) splitter.push(bytes('€'.repeat(1_000)), 10, now)
  const { lines } = splitter.push(bytes('\n'), 10, now)
  expect(lines).toEqual([
    {
      offset: 0,
      end: 300_001,
      length: 300_000,
      text: '€'.repeat(Math.floor(keptBytes / 3)),
      bytes: null,
      time: now,
      exact: true,
    },
  ])
})

test.each([10, keptBytes - 1, keptBytes, keptBytes + 1, 3 * keptBytes])(
  'goes on with a line of %d bytes that was begun before',
  (length) => {
    const begin = new LineSplitter(5).push(bytes('x'.repeat(length)), 10, 500).rest!
    const { lines } = new LineSplitter(begin).push(bytes('yz\n'), 10, now)
    const text = `${'x'.repeat(length)}yz`.slice(0, keptBytes)
    expect(lines).toEqual([
      { offset: 5, end: 8 + length, length: length + 2, text, bytes: null, time: 500, exact: true },
    ])
  },
)

test('a line has the time of its first byte, and no exact one if it came late', () => {
  const splitter = new LineSplitter(0)
  splitter.isLateBefore(3)
  splitter.push(bytes('a'), 10, 1)
  const { lines } = splitter.push(bytes('b\nc\n'), 10, 2)
  expect(lines.map(({ time, exact }) => [time, exact])).toEqual([
    [1, false],
    [2, true],
  ])
})

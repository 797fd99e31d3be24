import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatLineTime, stampLines } from './line-times.ts'

const timeMs = Date.UTC(2026, 10, 22, 10, 0, 0, 999)

test('a line begins with its time to the second, marked when it may be earlier, or a dash', () => {
  expect(formatLineTime({ timeMs, exact: true })).toBe('2026-11-22T10:00:00Z ')
  expect(formatLineTime({ timeMs, exact: false })).toBe('~2026-11-22T10:00:00Z ')
  expect(formatLineTime(undefined)).toBe('- ')
})

async function* piecesOf(text: string, cuts: readonly number[]) {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length]
  for (const [i, from] of places.entries()) yield { offset: from, bytes: Buffer.from(text.slice(from, places[i + 1])) }
}

test('each line is stamped once, wherever it was cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.stringMatching(/^[ab\n]{0,30}$/), fc.array(fc.nat(), { maxLength: 5 }), async (text, cuts) => {
      const timeOf = (offset: number) => ({ timeMs: offset * 1_000, exact: true })
      const stamped = (await buffer(stampLines(piecesOf(text, cuts), timeOf))).toString()
      let offset = 0
      let expected = ''
      for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
        expected += formatLineTime(timeOf(offset)) + line
        offset += line.length
      }
      expect(stamped).toBe(expected)
    }),
  )
})

test('a first piece that begins within a line is not stamped before its next one', async () => {
  const stamped = await buffer(stampLines(piecesOf('rest\nline\n', []), () => undefined, false))
  expect(stamped.toString()).toBe('rest\n- line\n')
})

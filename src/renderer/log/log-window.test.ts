import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { logSource } from './log-source.ts'
import { LogWindow } from './log-window.ts'
import { FakeLog } from './testing/fake-log.ts'

const limits = { lines: 12, page: { lines: 5, bytes: 40 } }
const { signal } = new AbortController()

function windowOn(text: string | Uint8Array, given = limits) {
  const log = new FakeLog(text)
  vi.stubGlobal('fetch', log.fetch)
  return { log, window: new LogWindow(logSource('web', 'stdout'), given) }
}

/** The lines of a log, as anybody would cut them. */
function linesOf(bytes: Uint8Array): { offset: number; end: number; text: string }[] {
  const lines = []
  for (let offset = 0; offset < bytes.length;) {
    const newline = bytes.indexOf(10, offset)
    const end = newline < 0 ? bytes.length : newline + 1
    const text = new TextDecoder().decode(bytes.slice(offset, newline < 0 ? end : newline))
    lines.push({ offset, end, text })
    offset = end
  }
  return lines
}

const shown = ({ lines }: LogWindow) => lines.map(({ offset, end, text }) => ({ offset, end, text }))
const ten = Array.from({ length: 10 }, (_, i) => `line ${i}\n`).join('')

test('opens at the end, with whole lines', async () => {
  const { window } = windowOn(ten)
  await window.moveToEnd(signal)
  expect(window.lines.map(({ text }) => text)).toEqual(['line 5', 'line 6', 'line 7', 'line 8', 'line 9'])
  expect([window.generation, window.from, window.to, window.size]).toEqual([1, 35, 70, 70])
})

test('shows the line that a byte in the middle of it belongs to, with its neighbours', async () => {
  const { window } = windowOn(ten)
  await window.moveTo({ generation: 1, offset: 38 }, signal)
  expect(window.lines.map(({ text }) => text)).toEqual(ten.trim().split('\n'))
})

test('reads a small part of a large log, wherever it is looked at', async () => {
  const { log, window } = windowOn('some line of a log\n'.repeat(100_000))
  await window.moveToEnd(signal)
  await window.moveTo({ generation: 1, offset: 1_000_000 }, signal)
  await window.growUp(signal)
  await window.growDown(signal)
  // The line that is looked for is sent as well.
  expect(log.sent).toBeLessThan(5_000)
})

test('keeps the beginning of a line that is longer than a page, and knows where it begins and ends', async () => {
  const long = 'é'.repeat(50_000)
  const { window } = windowOn(`first\n${long}\nlast\n`, { lines: 12, page: { lines: 5, bytes: 1_000 } })
  for (const look of [
    () => window.moveTo({ generation: 1, offset: 50_001 }, signal),
    () => window.moveToEnd(signal).then(() => window.growUp(signal)),
    () => window.moveTo({ generation: 1, offset: 0 }, signal).then(() => window.growDown(signal)),
  ]) {
    await look()
    const line = window.lines.find(({ offset }) => offset === 6)
    expect(line).toMatchObject({ end: 6 + 100_001, length: 100_000, text: 'é'.repeat(2_048), bytes: null })
  }
})

test('shows a last line that has no newline, and its end once it is there', async () => {
  const { log, window } = windowOn('one\ntw')
  await window.moveToEnd(signal)
  expect(window.unfinished).toMatchObject({ offset: 4, text: 'tw' })
  log.append('o\nthree\n')
  expect(await window.growDown(signal)).toBe(true)
  expect(shown(window)).toEqual(linesOf(log.bytes))
  expect(window.unfinished).toBeUndefined()
})

test('has nothing of an empty log', async () => {
  const { window } = windowOn('')
  await window.moveToEnd(signal)
  await window.moveTo({ generation: 1, offset: 0 }, signal)
  expect([window.lines, window.from, window.to]).toEqual([[], 0, 0])
  expect(await window.growUp(signal)).toBe(false)
  expect(await window.growDown(signal)).toBe(false)
})

test('throws away what was read for a place that was left meanwhile', async () => {
  const { window } = windowOn('some line of a log\n'.repeat(1_000))
  const first = window.moveTo({ generation: 1, offset: 5_000 }, signal)
  await Promise.all([first, window.moveTo({ generation: 1, offset: 10_000 }, signal)])
  expect(window.from).toBeLessThanOrEqual(10_000)
  expect(window.to).toBeGreaterThan(10_000)
  const { from } = window
  const up = window.growUp(signal)
  await window.moveToEnd(signal)
  expect(await up).toBe(false)
  expect(window.from).toBeGreaterThan(from)
})

test('fails for a position of a log that was replaced', async () => {
  const { log, window } = windowOn(ten)
  await window.moveToEnd(signal)
  log.truncate('new\n')
  await expect(window.growUp(signal)).rejects.toMatchObject({ code: 'LOG_POSITION_GONE' })
})

const text = fc.array(
  fc.oneof(fc.constant('\n'), fc.string({ maxLength: 60 }), fc.constant('ü€😀'), fc.constant('\r\n')),
)
const step = fc.oneof(
  fc.record({ kind: fc.constantFrom('end', 'up', 'down') }),
  fc.record({ kind: fc.constant('to'), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('write'), text: fc.string({ maxLength: 50 }).map((more) => `${more}\n`) }),
)

test('whatever is done, shows lines of the log as they are, one after the other, none twice and none left out', async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.array(step, { maxLength: 20 }), async (parts, steps) => {
      const { log, window } = windowOn(parts.join(''))
      await window.moveToEnd(signal)
      for (const one of steps) {
        const { from, to } = window
        if (one.kind === 'end') await window.moveToEnd(signal)
        else if (one.kind === 'up') expect(await window.growUp(signal)).toBe(from > 0)
        else if (one.kind === 'down') expect(await window.growDown(signal)).toBe(to < log.bytes.length)
        else if ('at' in one)
          await window.moveTo({ generation: 1, offset: Math.floor(one.at * log.bytes.length) }, signal)
        else if ('text' in one) log.append(one.text)
        const all = linesOf(log.bytes)
        // A line that was not finished when it was read may have grown since.
        const finished = shown(window).slice(0, window.unfinished ? -1 : undefined)
        const first = all.findIndex(({ offset }) => offset === window.from)
        expect(finished).toEqual(all.slice(first, first + finished.length))
        expect(window.lines.length).toBeLessThanOrEqual(limits.lines)
        if (one.kind === 'end') expect(window.to).toBe(log.bytes.length)
      }
    }),
    { numRuns: 300 },
  )
})

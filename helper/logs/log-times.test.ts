import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeHeader, encodeRecord, HEADER_BYTES, type IndexRecord, RECORD_BYTES } from './index-format.ts'
import { indexPath } from './log-index.ts'
import { LogTimes } from './log-times.ts'
import { newLogs } from './testing/new-logs.ts'

const newLog = newLogs()

function writeIndex(log: string, records: readonly IndexRecord[]): void {
  writeFileSync(
    indexPath(log),
    Buffer.concat([encodeHeader({ generation: 1, inode: 7 }), ...records.map((record) => encodeRecord(record))]),
  )
}

const someRecords = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 3 }), fc.boolean()), { maxLength: 600 })
  .map((steps) => {
    let [offset, timeMs] = [0, 1_000]
    return steps.map(([grown, passed, away]): IndexRecord => {
      offset += grown
      timeMs += passed
      return { offset, timeMs, away }
    })
  })

test('answers agree with a plain walk through all notes, in whatever order they are asked for', () => {
  const log = newLog()
  fc.assert(
    fc.property(someRecords, fc.infiniteStream(fc.nat()), (records, numbers) => {
      writeIndex(log, records)
      const times = new LogTimes(log, 1)
      const size = records.at(-1)?.offset ?? 0
      const asked = [...Array.from({ length: size + 2 }, (_, i) => i), ...numbers.take(100).map((n) => n % (size + 2))]
      for (const offset of asked) {
        const note = records.find((record) => record.offset > offset)
        expect(times.timeOf(offset)).toEqual(note && { timeMs: note.timeMs, exact: !note.away })
      }
      for (const n of numbers.take(50)) {
        const since = 990 + (n % 2_000)
        const earlier = records.filter((record) => record.timeMs < since)
        expect(times.firstSince(since)).toBe(earlier.at(-1)?.offset ?? 0)
      }
      times.close()
    }),
    { numRuns: 30 },
  )
})

test('an index of any damage gives the right time or none', () => {
  const log = newLog()
  fc.assert(
    fc.property(someRecords, fc.nat(), fc.integer({ min: 1, max: 255 }), (records, where, flip) => {
      fc.pre(records.length > 0)
      writeIndex(log, records)
      const bytes = readFileSync(indexPath(log))
      const at = HEADER_BYTES + (where % (records.length * RECORD_BYTES))
      bytes[at] = bytes[at]! ^ flip
      writeFileSync(indexPath(log), bytes)
      const times = new LogTimes(log, 1)
      for (let offset = 0; offset < records.at(-1)!.offset; offset++) {
        const note = records.find((record) => record.offset > offset)!
        expect([undefined, { timeMs: note.timeMs, exact: !note.away }]).toContainEqual(times.timeOf(offset))
      }
      times.close()
    }),
    { numRuns: 30 },
  )
})

test('notes that are added while it is open are found', () => {
  const log = newLog()
  writeIndex(log, [{ offset: 10, timeMs: 1_000, away: false }])
  const times = new LogTimes(log, 1)
  expect(times.timeOf(10)).toBeUndefined()
  appendFileSync(indexPath(log), encodeRecord({ offset: 20, timeMs: 2_000, away: false }))
  expect(times.timeOf(10)).toEqual({ timeMs: 2_000, exact: true })
  times.close()
})

test('without an index there are no times, and no first offset since one', () => {
  const times = new LogTimes(newLog(), 1)
  expect(times.timeOf(0)).toBeUndefined()
  expect(times.firstSince(0)).toBeUndefined()
  times.close()
})

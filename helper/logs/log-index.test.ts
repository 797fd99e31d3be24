import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { expect, test, vi } from 'vitest'
import { beginGeneration, generationOf, indexPath, lastGeneration, LogNotes } from './log-index.ts'
import { LogTimes } from './log-times.ts'
import { newLogs } from './testing/new-logs.ts'

const newLog = newLogs()
const failOnWarning = (_log: string, error: unknown) => {
  throw error
}

function notesOf(log: string, nowMs = 0): LogNotes {
  const notes = new LogNotes(failOnWarning)
  notes.add(log, nowMs)
  return notes
}

function timeOf(log: string, offset: number) {
  const times = new LogTimes(log, generation(log))
  try {
    return times.timeOf(offset)
  } finally {
    times.close()
  }
}

const generation = (log: string) => generationOf(log, statSync(log))

test('what a log grew by since the last tick gets the time of this one', () => {
  const log = newLog()
  const notes = notesOf(log)
  appendFileSync(log, 'one\n')
  notes.tick(1_000)
  appendFileSync(log, 'two\n')
  notes.tick(2_000)
  appendFileSync(log, 'three\n')

  expect(timeOf(log, 0)).toEqual({ timeMs: 1_000, exact: true })
  expect(timeOf(log, 3)).toEqual({ timeMs: 1_000, exact: true })
  expect(timeOf(log, 4)).toEqual({ timeMs: 2_000, exact: true })
  expect(timeOf(log, 8)).toBeUndefined()
})

test('a log that does not grow adds nothing to its index', () => {
  const log = newLog()
  const notes = notesOf(log)
  appendFileSync(log, 'one\n')
  notes.tick(1_000)
  const before = readFileSync(indexPath(log))
  for (let second = 2; second < 100; second++) notes.tick(second * 1_000)
  expect(readFileSync(indexPath(log))).toEqual(before)
})

test('what was written while nobody looked is known to be no later than the file was changed', () => {
  const log = newLog()
  const earlier = notesOf(log)
  appendFileSync(log, 'seen\n')
  earlier.tick(1_000)
  appendFileSync(log, 'unseen\n')
  utimesSync(log, 50, 50)

  const notes = notesOf(log, 90_000)
  appendFileSync(log, 'seen again\n')
  notes.tick(91_000)

  expect(timeOf(log, 0)).toEqual({ timeMs: 1_000, exact: true })
  expect(timeOf(log, 5)).toEqual({ timeMs: 50_000, exact: false })
  expect(timeOf(log, 12)).toEqual({ timeMs: 91_000, exact: true })
})

test('a tick that comes late claims no more than an upper bound', () => {
  const log = newLog()
  const notes = notesOf(log)
  notes.tick(1_000)
  appendFileSync(log, 'during the sleep\n')
  utimesSync(log, 30, 30)
  notes.tick(60_000)
  expect(timeOf(log, 0)).toEqual({ timeMs: 30_000, exact: false })
})

test('the last words of a ship are noted when its log is removed from the notes', () => {
  const log = newLog()
  const notes = notesOf(log)
  notes.tick(1_000)
  appendFileSync(log, 'bye\n')
  notes.remove(log, 1_500)
  appendFileSync(log, 'not looked at\n')
  notes.tick(2_000)
  expect(timeOf(log, 0)).toEqual({ timeMs: 1_500, exact: true })
  expect(timeOf(log, 4)).toBeUndefined()
})

test('a log that shrank begins the next generation, with times of its own', () => {
  const log = newLog()
  const notes = notesOf(log)
  appendFileSync(log, 'a long first line\n')
  notes.tick(1_000)
  expect(generation(log)).toBe(1)

  truncateSync(log, 0)
  appendFileSync(log, 'new\n')
  notes.tick(2_000)
  expect(generation(log)).toBe(2)
  expect(timeOf(log, 0)).toEqual({ timeMs: 2_000, exact: true })
})

test('a log that was replaced by another file, however long, begins the next generation', () => {
  const log = newLog()
  const notes = notesOf(log)
  appendFileSync(log, 'one\n')
  notes.tick(1_000)
  writeFileSync(`${log}.other`, 'a longer other file\n')
  renameSync(`${log}.other`, log)
  notes.tick(2_000)
  expect(generation(log)).toBe(2)
  expect(timeOf(log, 15)).toEqual({ timeMs: 2_000, exact: true })
})

test('a reader who comes before the tick begins the same generation that the tick then finds', () => {
  const log = newLog()
  const notes = notesOf(log)
  appendFileSync(log, 'a long first line\n')
  notes.tick(1_000)
  truncateSync(log, 0)
  expect(generation(log)).toBe(2)
  appendFileSync(log, 'a new first line that is longer than the former one was\n')
  notes.tick(2_000)
  expect(generation(log)).toBe(2)
  expect(timeOf(log, 0)).toEqual({ timeMs: 2_000, exact: true })
})

test('a generation that a reader saw ending ends once, whoever else saw it', () => {
  const log = newLog()
  const notes = notesOf(log)
  appendFileSync(log, 'one\n')
  notes.tick(1_000)
  expect(beginGeneration(log, statSync(log), 1)).toBe(2)
  appendFileSync(log, 'two\n')
  notes.tick(2_000)
  expect(beginGeneration(log, statSync(log), 1)).toBe(2)
  expect(generation(log)).toBe(2)
  expect(timeOf(log, 0)).toEqual({ timeMs: 2_000, exact: true })
})

test('readers of the former generation keep its times', () => {
  const log = newLog()
  const notes = notesOf(log)
  appendFileSync(log, 'one\n')
  notes.tick(1_000)
  const former = new LogTimes(log, 1)
  truncateSync(log, 0)
  notes.tick(2_000)
  expect(former.timeOf(0)).toEqual({ timeMs: 1_000, exact: true })
  former.close()
  expect(new LogTimes(log, 1).timeOf(0)).toBeUndefined()
})

test('without an index a log is of generation 1 and reading makes none', () => {
  const log = newLog()
  expect(lastGeneration(log)).toBe(1)
  writeFileSync(log, 'one\n')
  expect(generation(log)).toBe(1)
  expect(timeOf(log, 0)).toBeUndefined()
  expect(existsSync(indexPath(log))).toBe(false)
})

test('an index that was deleted is begun again', () => {
  const log = newLog()
  const notes = notesOf(log)
  appendFileSync(log, 'one\n')
  notes.tick(1_000)
  rmSync(indexPath(log))
  appendFileSync(log, 'two\n')
  notes.tick(2_000)
  expect(timeOf(log, 4)).toEqual({ timeMs: 2_000, exact: true })
})

test.each([
  ['empty', Buffer.alloc(0)],
  ['of zeros', Buffer.alloc(4_096)],
  ['of something else', Buffer.from('this is not an index, but it is long enough to be one')],
])('an index that is %s is begun again and the log is left alone', (_what, content) => {
  const log = newLog()
  writeFileSync(log, 'one\n')
  writeFileSync(indexPath(log), content)
  expect(timeOf(log, 0)).toBeUndefined()
  notesOf(log).tick(1_000)
  expect(timeOf(log, 0)).toMatchObject({ exact: false })
  expect(readFileSync(log, 'utf8')).toBe('one\n')
})

test.each([
  ['half a record', Buffer.from([1, 2, 3, 4, 5])],
  ['a record of zeros', Buffer.alloc(16)],
  ['many records of zeros and a half', Buffer.alloc(16 * 50 + 8)],
])('%s at the end of an index is passed over, and written over by the next note', (_what, rest) => {
  const log = newLog()
  const notes = notesOf(log)
  appendFileSync(log, 'one\n')
  notes.tick(1_000)
  appendFileSync(indexPath(log), rest)
  expect(timeOf(log, 0)).toEqual({ timeMs: 1_000, exact: true })
  expect(timeOf(log, 4)).toBeUndefined()

  appendFileSync(log, 'two\n')
  notes.tick(2_000)
  appendFileSync(log, 'three\n')
  notes.tick(3_000)
  expect(timeOf(log, 0)).toEqual({ timeMs: 1_000, exact: true })
  expect(timeOf(log, 4)).toEqual({ timeMs: 2_000, exact: true })
  expect(timeOf(log, 8)).toEqual({ timeMs: 3_000, exact: true })
})

test('an index that cannot be written is reported once, and caught up with as an upper bound', () => {
  const log = newLog()
  const warn = vi.fn()
  const notes = new LogNotes(warn)
  notes.add(log, 0)
  mkdirSync(indexPath(log))
  for (let second = 1; second < 5; second++) {
    appendFileSync(log, 'line\n')
    notes.tick(second * 1_000)
  }
  expect(warn).toHaveBeenCalledOnce()
  rmSync(indexPath(log), { recursive: true })
  utimesSync(log, 3, 3)
  notes.tick(5_000)
  expect(timeOf(log, 0)).toEqual({ timeMs: 3_000, exact: false })
})

import { appendFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { followLog, type FollowItem } from './follow-log.ts'
import { generationOf, LogNotes } from './log-index.ts'
import { newLogs } from './testing/new-logs.ts'

const newLog = newLogs()
// Long enough for any machine: reached only when the test fails.
const poll = <T>(get: () => T) => expect.poll(get, { interval: 5, timeout: 20_000 })

/** Follows into `items`; `text` is all bytes of them. */
function follow(log: string, offset = 0, { generation = 1, pollMs = 1_000 } = {}) {
  const stop = new AbortController()
  const items: FollowItem[] = []
  const end = (async () => {
    const options = { signal: stop.signal, pollMs, gatherMs: 1 }
    for await (const item of followLog(log, { generation, offset }, options)) items.push(item)
  })()
  const bytes = () => Buffer.concat(items.map((item) => (item.kind === 'bytes' ? item.bytes : Buffer.alloc(0))))
  return {
    items,
    end,
    bytes,
    text: () => bytes().toString(),
    stop: () => {
      stop.abort()
      return end
    },
  }
}

test('gives what is there from the position on, then what is appended', async () => {
  const log = newLog()
  writeFileSync(log, 'one\ntwo\n')
  const following = follow(log, 4)
  await poll(following.text).toBe('two\n')
  appendFileSync(log, 'thr')
  await poll(following.text).toBe('two\nthr')
  appendFileSync(log, 'ee\n')
  await poll(following.text).toBe('two\nthree\n')
  await following.stop()
  expect(following.items[0]?.position).toEqual({ generation: 1, offset: 4 })
})

test('gives exactly the file, whatever it is appended in and wherever it begins', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), { minLength: 1, maxLength: 20 }),
      fc.array(fc.boolean()),
      fc.nat(),
      async (appends, pauses, start) => {
        const log = newLog()
        const whole = Buffer.concat(appends)
        const before = appends.slice(0, start % appends.length)
        writeFileSync(log, Buffer.concat(before))
        const from = start % (statSync(log).size + 1)
        const following = follow(log, from)
        for (const [i, bytes] of appends.slice(before.length).entries()) {
          appendFileSync(log, bytes)
          if (pauses[i]) await nextTurn()
        }
        await poll(() => following.bytes().length).toBe(whole.length - from)
        await following.stop()
        expect(following.bytes().equals(whole.subarray(from))).toBe(true)
        let next = from
        for (const item of following.items) {
          expect(item.position.offset).toBe(next)
          next += item.kind === 'bytes' ? item.bytes.length : 0
        }
      },
    ),
    { numRuns: 25 },
  )
})

test('waits for a log that does not exist yet', async () => {
  const log = newLog()
  const following = follow(log, 0, { pollMs: 5 })
  await nextTurn()
  writeFileSync(log, 'here\n')
  await poll(following.text).toBe('here\n')
  await following.stop()
})

test('ends when aborted while waiting for a log or for more of it', async () => {
  const missing = follow(newLog())
  await missing.stop()
  expect(missing.items).toEqual([])

  const log = newLog()
  writeFileSync(log, 'one\n')
  const following = follow(log)
  await poll(following.text).toBe('one\n')
  await following.stop()
})

test('a log that was truncated ends with the place to go on from', async () => {
  const log = newLog()
  writeFileSync(log, 'a long first line\n')
  const following = follow(log)
  await poll(following.text).toBe('a long first line\n')
  truncateSync(log, 0)
  await following.end
  expect(following.items.at(-1)).toEqual({ kind: 'new-generation', position: { generation: 2, offset: 0 } })

  appendFileSync(log, 'new\n')
  const further = follow(log, 0, { generation: 2 })
  await poll(further.text).toBe('new\n')
  await further.stop()
})

test('of a log that was replaced, what the old file got is given first', async () => {
  const log = newLog()
  const notes = new LogNotes(() => undefined)
  notes.add(log, 0)
  writeFileSync(log, 'one\n')
  notes.tick(1_000)
  const following = follow(log, 0, { pollMs: 5 })
  await poll(following.text).toBe('one\n')
  renameSync(log, `${log}.old`)
  appendFileSync(`${log}.old`, 'two\n')
  writeFileSync(log, 'another file, which is longer\n')
  await following.end
  expect(following.text()).toBe('one\ntwo\n')
  expect(following.items.at(-1)).toEqual({ kind: 'new-generation', position: { generation: 2, offset: 0 } })
  notes.tick(2_000)
  expect(generationOf(log, statSync(log))).toBe(2)
})

test('a log that was deleted while its ship still writes to it is followed on', async () => {
  const log = newLog()
  writeFileSync(log, 'one\n')
  const ship = await open(log, 'a')
  const following = follow(log, 0, { pollMs: 5 })
  await poll(following.text).toBe('one\n')
  rmSync(log)
  await ship.write('two\n')
  await poll(following.text).toBe('one\ntwo\n')
  await ship.close()
  await following.stop()
})

test.each([
  ['of another generation', { generation: 7, offset: 0 }],
  ['beyond the end', { generation: 1, offset: 99 }],
])('a position %s is answered with the start of the log', async (_what, { generation, offset }) => {
  const log = newLog()
  writeFileSync(log, 'one\n')
  const following = follow(log, offset, { generation })
  await following.end
  expect(following.items).toEqual([{ kind: 'new-generation', position: { generation: 1, offset: 0 } }])
})

test('many writes are taken together', async () => {
  const log = newLog()
  writeFileSync(log, '')
  const ship = await open(log, 'a')
  const read = vi.spyOn(Object.getPrototypeOf(ship) as typeof ship, 'read')
  const following = follow(log)
  const line = `${'x'.repeat(30)}\n`
  for (let i = 0; i < 10_000; i++) {
    appendFileSync(ship.fd, line)
    if (i % 100 === 0) await nextTurn()
  }
  await poll(() => following.bytes().length).toBe(10_000 * line.length)
  await following.stop()
  expect(read.mock.calls.length).toBeLessThan(1_000)
  read.mockRestore()
  await ship.close()
})

test('nothing is read before the reader asks', async () => {
  const log = newLog()
  writeFileSync(log, '')
  truncateSync(log, 1024 * 1024)
  const handle = await open(log)
  const read = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'read')
  await handle.close()
  const following = followLog(log, { generation: 1, offset: 0 }, { signal: new AbortController().signal })
  await following.next()
  await nextTurn()
  expect(read).toHaveBeenCalledOnce()
  read.mockRestore()
  await following.return(undefined)
})

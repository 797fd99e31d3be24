import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { KeelanError } from '../api/errors.ts'
import { entryParts, rawParts, readLog } from './log-reader.ts'
import type { LogQuery, LogSource } from './log-reader.ts'

type Reply = { from: string; chunks: (string | Error)[] } | Error

/** A log that answers each request with the next reply, and notes what it was asked and what it told. */
function source<T>(parts: LogSource<T>['parts'], replies: Reply[]) {
  const asked: LogQuery[] = []
  const states: string[] = []
  const open: LogSource<T>['open'] = async (query) => {
    asked.push(query)
    const reply = replies.shift() ?? new KeelanError('SHIP_NOT_FOUND', 'no such ship')
    if (reply instanceof Error) throw reply
    async function* content() {
      for (const chunk of reply instanceof Error ? [] : reply.chunks) {
        if (chunk instanceof Error) throw chunk
        yield Buffer.from(chunk)
      }
    }
    return { headers: { 'keelan-log-from': reply.from }, body: Readable.from(content(), { objectMode: false }) }
  }
  const log: LogSource<T> = { open, parts, pause: async () => {}, onState: (state) => void states.push(state) }
  return { log, asked, states }
}

const away = new KeelanError('HELPER_WENT_AWAY', 'it went away')

async function textOf(parts: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  try {
    for await (const part of parts) text += part.toString()
  } catch (error) {
    if (!(error instanceof KeelanError)) throw error
  }
  return text
}

test('without follow it is read once', async () => {
  const { log, asked } = source(rawParts, [{ from: '1:10', chunks: ['one\n', 'two\n'] }])
  expect(await textOf(readLog(log, { lines: 2 }))).toBe('one\ntwo\n')
  expect(asked).toEqual([{ lines: 2 }])
})

test('goes on from the byte reached when the helper goes away, and says so once', async () => {
  const { log, asked, states } = source(rawParts, [
    { from: '1:10', chunks: ['one\ntw', away] },
    new KeelanError('HELPER_NOT_RUNNING', 'gone'),
    new KeelanError('HELPER_STOPPING', 'going'),
    { from: '1:16', chunks: ['o\n'] },
  ])
  expect(await textOf(readLog(log, { lines: 5, follow: 'true', stream: 'stdout' }))).toBe('one\ntwo\n')
  const resumed = { from: '1:16', follow: 'true', stream: 'stdout' }
  expect(asked.slice(0, 4)).toEqual([{ lines: 5, follow: 'true', stream: 'stdout' }, resumed, resumed, resumed])
  expect(states).toEqual(['waiting', 'back'])
})

test('goes on from the start of a log that was truncated', async () => {
  const { log, asked, states } = source(rawParts, [
    { from: '1:0', chunks: ['old\n'] },
    new KeelanError('LOG_POSITION_GONE', 'truncated', { start: '2:0', end: '2:4' }),
    { from: '2:0', chunks: ['new\n'] },
  ])
  expect(await textOf(readLog(log, { follow: 'true' }))).toBe('old\nnew\n')
  expect(asked.map(({ from }) => from)).toEqual([undefined, '1:4', '2:0', '2:4'])
  expect(states).toEqual(['truncated'])
})

test('a helper that is not there to begin with is not waited for', async () => {
  const { log } = source(rawParts, [new KeelanError('HELPER_NOT_RUNNING', 'gone')])
  await expect(readLog(log, { follow: 'true' }).next()).rejects.toThrow('gone')
})

test('ends with the error when the ship is removed', async () => {
  const { log } = source(rawParts, [{ from: '1:0', chunks: [] }])
  await expect(readLog(log, { follow: 'true' }).next()).rejects.toThrow('no such ship')
})

test('lines are followed from one to the next, wherever the bytes are cut', async () => {
  const entry = (position: string, next: string, text: string) =>
    `${JSON.stringify({ position, next, time: null, exact: false, text })}\n`
  const [first, second] = [entry('1:0', '1:4', 'één'), entry('1:4', '1:8', 'two')]
  const { log, asked } = source(entryParts, [
    { from: '1:0', chunks: [first.slice(0, 5), first.slice(5) + second.slice(0, 9), away] },
    { from: '1:4', chunks: [second] },
  ])
  const texts: string[] = []
  const read = async () => {
    for await (const { text } of readLog(log, { follow: 'true', grep: '.' })) texts.push(text)
  }
  await expect(read()).rejects.toThrow('no such ship')
  expect(texts).toEqual(['één', 'two'])
  expect(asked[1]).toEqual({ follow: 'true', grep: '.', from: '1:4' })
})

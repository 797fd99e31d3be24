import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startPatternWorker } from './pattern-worker.ts'

const HOPELESS = /^(a+)+$/
const ENDLESS = Buffer.from(`${'a'.repeat(100)}!\n`)

test('tells where the lines that match begin, of one block after another', async () => {
  const worker = startPatternWorker(/b$/g, 60_000)
  expect(await worker.matchingLines(Buffer.from('ab\nba\n\nb\r\nb'))).toEqual([0, 7, 10])
  expect(await worker.matchingLines(Buffer.from('ab\n'))).toEqual([0])
  expect(await worker.matchingLines(Buffer.from('x'))).toEqual([])
  await worker.close()
})

test('a pattern that backtracks for ever is given up, and its thread ended', async () => {
  const worker = startPatternWorker(HOPELESS, 50)
  await expect(worker.matchingLines(ENDLESS)).rejects.toMatchObject({ code: 'pattern-too-slow' })
  await worker.close()
})

test('a pattern that backtracks for ever can be aborted, and its thread ended', async () => {
  const worker = startPatternWorker(HOPELESS, 1e6)
  await worker.matchingLines(Buffer.from('a\n'))
  const stop = new AbortController()
  const matching = worker.matchingLines(ENDLESS, stop.signal)
  const failed = expect(matching).rejects.toThrow('enough')
  await nextTurn()
  stop.abort(new Error('enough'))
  await failed
  await worker.close()
})

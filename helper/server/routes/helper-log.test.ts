import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { KeelanClient } from '../../client.ts'
import { testServer } from '../test-server.ts'

const logFile = async (send: Awaited<ReturnType<typeof testServer>>['send']): Promise<string> =>
  (await send('/v1/helper')).json.logFile as string

test('gives the last lines of its own log, 500 unless told', async () => {
  const { send } = await testServer()
  const file = await logFile(send)
  expect(await send('/v1/helper/log')).toMatchObject({ status: 200, text: '' })
  writeFileSync(file, Array.from({ length: 600 }, (_, n) => `line ${n} ü\n`).join(''))
  const last = await send('/v1/helper/log?lines=2')
  expect(last.text).toBe('line 598 ü\nline 599 ü\n')
  expect(last.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect((await send('/v1/helper/log')).text.split('\n')).toHaveLength(501)
  expect((await send('/v1/helper/log?lines=0')).text).toBe('')
  expect((await send('/v1/helper/log?lines=10001')).json).toMatchObject({ code: 'INVALID_REQUEST' })
})

test('follows it over the change to a new file, with nothing lost and nothing twice', async () => {
  const { send, socketPath, server } = await testServer()
  const file = await logFile(send)
  writeFileSync(file, 'one\ntwo\n')
  const { body } = await new KeelanClient(socketPath).stream('readHelperLog', { query: { lines: 1, follow: 'true' } })
  let text = ''
  let isOver = false
  body.on('data', (chunk) => (text += String(chunk)))
  body.on('end', () => (isOver = true))
  body.on('error', () => {})
  await vi.waitFor(() => expect(text).toBe('two\n'))
  appendFileSync(file, 'three\n')
  await vi.waitFor(() => expect(text).toBe('two\nthree\n'))
  for (let round = 0; round < 3; round += 1) {
    appendFileSync(file, `last of ${round}\n`)
    renameSync(file, `${file}.old`)
    writeFileSync(file, `first of ${round + 1}\n`)
    await vi.waitFor(() => expect(text).toContain(`first of ${round + 1}\n`), { timeout: 5_000 })
  }
  expect(text).toBe('two\nthree\nlast of 0\nfirst of 1\nlast of 1\nfirst of 2\nlast of 2\nfirst of 3\n')
  await server.close()
  await vi.waitFor(() => expect(isOver).toBe(true))
})

test('waits for a log that is not there yet', async () => {
  const { send, socketPath } = await testServer()
  const file = await logFile(send)
  rmSync(file, { force: true })
  const { body } = await new KeelanClient(socketPath).stream('readHelperLog', { query: { follow: 'true' } })
  let text = ''
  body.on('data', (chunk) => (text += String(chunk)))
  body.on('error', () => {})
  writeFileSync(file, 'begun\n')
  await vi.waitFor(() => expect(text).toBe('begun\n'), { timeout: 5_000 })
  body.destroy()
})

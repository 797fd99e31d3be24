import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { SearchLine } from '../helper/api/ship.ts'
import { eventually, sharedWorkplace, workplace } from './testing/workplace.ts'

/** What a log page needs of a real helper: searching a large log, and the helper's own. */
const place = sharedWorkplace()

async function search(name: string, query: Record<string, string>) {
  const { body } = await place.client.stream('searchLog', { params: { name }, query: { text: '', ...query } })
  const lines = (await text(body))
    .trimEnd()
    .split('\n')
    .map((line) => SearchLine.parse(JSON.parse(line)))
  return {
    offsets: lines.flatMap((line) => (line.type === 'matches' ? line.offsets : [])),
    done: lines.find((line) => line.type === 'done'),
  }
}

test('finds every line of a large log, several searches at once, and what was written since', async () => {
  const script = `seq -f 'line %.0f of many' 1 300000; while [ ! -e more ]; do sleep 0.05; done; echo 'line 777777 of many'; exec sleep 1000`
  await place.ok('deploy', 'writer', '--', script)
  await place.untilLog('writer', /line 300000 of many\n/)
  const [plain, anyCase, pattern] = await Promise.all([
    search('writer', { text: '777', case: 'true' }),
    search('writer', { text: 'LINE 777' }),
    search('writer', { text: '^line 777 ', regex: 'true' }),
  ])
  const log = place.logOf('writer')
  const lines = log.split('\n')
  expect(plain.done?.count).toBe(lines.filter((line) => line.includes('777')).length)
  expect(plain.offsets.every((offset) => log.slice(offset, log.indexOf('\n', offset)).includes('777'))).toBe(true)
  expect(anyCase.done?.count).toBe(lines.filter((line) => line.startsWith('line 777')).length)
  expect(pattern.offsets).toEqual([log.indexOf('line 777 ')])

  place.write('more', '')
  await place.untilLog('writer', /777777 of many\nline|line 777777 of many\n/)
  const since = await search('writer', { text: '777', from: plain.done?.end ?? '' })
  expect(since.offsets).toEqual([log.length])
})

test("the helper's own log is followed, over its change to a new file at 5 MB as well", async () => {
  const other = workplace()
  const file = other.paths.defaultLogFile
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${'x'.repeat(1_023)}\n`.repeat(5 * 1_024 - 4))
  await other.ok('daemon', 'start')
  const { body } = await other.client.stream('readHelperLog', { query: { lines: '2', follow: 'true' } })
  let followed = ''
  body.on('data', (chunk) => (followed += String(chunk)))
  body.on('error', () => {})
  await eventually(() => followed).toMatch(/^.*\n.*listens on .*\n$/)
  const old = file.replace(/\.log$/, '.old.log')
  let lines = 0
  for (; !existsSync(old); lines += 1) {
    process.kill(other.helperPid(), 'SIGHUP')
    await eventually(() => followed.match(/log reopened/g)?.length).toBe(lines + 1)
  }
  process.kill(other.helperPid(), 'SIGHUP')
  await eventually(() => followed.match(/log reopened/g)?.length).toBe(lines + 1)
  body.destroy()
  expect(readFileSync(old, 'utf8') + readFileSync(file, 'utf8')).toContain(followed)
})

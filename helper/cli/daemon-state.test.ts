import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lastLines, lastStatus } from './daemon-state.ts'
import { testFolder } from './testing/test-folder.ts'

test('gives the last lines of a file, however long it is, and none of one that is not there', () => {
  const file = join(testFolder(), 'log')
  expect(lastLines(file, 3)).toEqual([])
  writeFileSync(file, '')
  expect(lastLines(file, 3)).toEqual([])
  writeFileSync(file, Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join(''))
  expect(lastLines(file, 2)).toEqual(['line 99998', 'line 99999'])
  expect(lastLines(file, 0)).toEqual([])
})

test('gives what the last helper left, if it is readable', () => {
  const base = testFolder()
  const env = { BASE_DIRECTORY: base }
  expect(lastStatus(env)).toBeNull()
  mkdirSync(join(base, 'run'))
  const status = { status: 'stopped', start_time: null, stop_time: null, pid: 7, platform: 'console', error: null }
  writeFileSync(join(base, 'run/keelan_status.json'), JSON.stringify(status))
  expect(lastStatus(env)).toEqual(status)
  writeFileSync(join(base, 'run/keelan_status.json'), '{"status":')
  expect(lastStatus(env)).toBeNull()
})

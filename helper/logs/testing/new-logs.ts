import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'

/** For tests: a folder for the tests of one file, removed after them. Returns the path of a new log in it, not created. */
export function newLogs(): () => string {
  let folder: string
  let count = 0
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'keelan-logs-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return () => join(folder, `${(count += 1)}.log`)
}

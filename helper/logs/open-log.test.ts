import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLog } from './open-log.ts'

test('a log that somebody made a pipe of is opened without waiting for a writer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-open-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'web.log')
  execFileSync('mkfifo', [path])
  const opened = await openLog(path)
  expect(opened).toMatchObject({ size: 0 })
  await opened?.handle.close()
})

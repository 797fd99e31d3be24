import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'keelan-folder-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

test('makes a folder with all above it, for the owner alone, and is content with one that is there', () => {
  const path = join(folder(), 'a/b/c')
  makeFolder(path)
  makeFolder(path)
  expect(statSync(path).mode & 0o777).toBe(0o700)
})

test('says that a file is in the way', () => {
  const path = join(folder(), 'file')
  writeFileSync(path, '')
  expect(() => makeFolder(path)).toThrow(/EEXIST/)
  expect(() => makeFolder(join(path, 'below'))).toThrow(/ENOTDIR/)
})

test.skipIf(process.platform !== 'linux')('comes back where no folder can be made at all', () => {
  expect(() => makeFolder('/proc/nowhere/below')).toThrow(/ENOENT/)
})

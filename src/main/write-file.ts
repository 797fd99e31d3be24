import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '../../helper/make-folder.ts'

/** Writes a file of the person's own: whoever reads sees the old content or the new one, never half. Throws what the file system says. */
export function replaceFile(path: string, content: string, mode = 0o600): void {
  makeFolder(dirname(path))
  const draft = `${path}.${process.pid}.new`
  try {
    writeFileSync(draft, content, { mode })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

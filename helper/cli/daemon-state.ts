import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { StatusFile } from '../api/helper.ts'
import { baseDirectory } from '../base-directory.ts'

/** No line of the helper's log is anywhere near this long, in bytes. */
const tailBytes = 256 * 1024

/** The last lines of a file; none if it cannot be read. */
export function lastLines(path: string, count: number): string[] {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return []
  }
  try {
    const { size } = fstatSync(file)
    const start = Math.max(0, size - tailBytes)
    const buffer = Buffer.alloc(size - start)
    const lines = buffer
      .toString('utf8', 0, readSync(file, buffer, 0, buffer.length, start))
      .trimEnd()
      .split('\n')
    const whole = start > 0 ? lines.slice(1) : lines
    return count === 0 || whole[0] === '' ? [] : whole.slice(-count)
  } finally {
    closeSync(file)
  }
}

/** What the last helper left in its status file, if it is where it usually is. */
export function lastStatus(env: NodeJS.ProcessEnv): StatusFile | null {
  try {
    const text = readFileSync(join(baseDirectory(env).run, 'keelan_status.json'), 'utf8')
    return StatusFile.parse(JSON.parse(text))
  } catch {
    return null
  }
}

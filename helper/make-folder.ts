import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it, for their owner alone; one that is there stays as it is. Throws what the file system
 * says. Not `mkdirSync` with `recursive`: that never returns where a folder cannot be made though its parent is there and
 * the system says ENOENT, as below /proc (seen with Node 20.20).
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, 0o700)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST' && statSync(path).isDirectory()) return
    const parent = dirname(path)
    if (code !== 'ENOENT' || existsSync(parent)) throw error
    makeFolder(parent)
    makeFolder(path)
  }
}

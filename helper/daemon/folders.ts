import { chmodSync, lstatSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KeelanError } from '../api/errors.ts'
import { type BaseDirectory, longestSocketPath } from '../base-directory.ts'
import { makeFolder } from '../make-folder.ts'

/**
 * Makes the folders, for their owner alone, and checks that they can be written. Throws KeelanError
 * BASE_DIRECTORY_UNUSABLE, DISK_FULL or SOCKET_PATH_TOO_LONG, naming the path.
 */
export function prepareFolders(paths: BaseDirectory, pidFile: string): void {
  const length = Buffer.byteLength(paths.socket)
  if (length > longestSocketPath)
    throw new KeelanError(
      'SOCKET_PATH_TOO_LONG',
      `${paths.socket} is too long for a socket (${length} bytes; at most ${longestSocketPath})`,
    )
  for (const folder of [paths.base, paths.run, paths.logs, paths.shipRuns, paths.shipLogs]) {
    try {
      makeFolder(folder)
      // The socket is as safe as its folder: others must not be able to reach or replace it.
      if ((statSync(folder).mode & 0o077) !== 0 && folder !== paths.base) chmodSync(folder, 0o700)
      tryWriting(join(folder, `.writable-${process.pid}`))
    } catch (error) {
      throw explained(error, folder)
    }
  }
  try {
    makeFolder(dirname(pidFile))
    tryWriting(`${pidFile}.${process.pid}.writable`)
  } catch (error) {
    throw explained(error, pidFile)
  }
}

function tryWriting(probe: string): void {
  try {
    writeFileSync(probe, 'x'.repeat(512))
  } finally {
    rmSync(probe, { force: true })
  }
}

function explained(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new KeelanError('DISK_FULL', `the disk of ${folder} is full`)
    case 'EEXIST':
    case 'ENOTDIR':
      return new KeelanError('BASE_DIRECTORY_UNUSABLE', `${folder} cannot be made: a file is in the way`)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new KeelanError('BASE_DIRECTORY_UNUSABLE', `${folder} cannot be written (${code})`)
    case 'ENOENT':
      return new KeelanError('BASE_DIRECTORY_UNUSABLE', `${folder} cannot be made: ${dirname(folder)} is missing`)
    default:
      return error
  }
}

/** Removes a socket that a dead helper left; to be called with the lock held. Returns whether there was one. */
export function removeStaleSocket(socket: string): boolean {
  const found = lstatSync(socket, { throwIfNoEntry: false })
  if (!found) return false
  if (!found.isSocket())
    throw new KeelanError('BASE_DIRECTORY_UNUSABLE', `${socket} is in the way: it is not a socket; move it elsewhere`)
  rmSync(socket)
  return true
}

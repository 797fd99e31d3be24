import { constants } from 'node:fs'
import { open, opendir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { KeelanError } from '../api/errors.ts'
import type { Found } from '../api/keelanfile.ts'
import { longestKeelanfile } from './parse.ts'
import { type FoundFile, isProgram, mostPrograms, suggestShips } from './suggest-ships.ts'

/** Files of a folder that are looked at; one with more is not somebody's project. */
const mostEntries = 5_000
/** Bytes at a file's beginning that tell a program from other files. */
const headBytes = 4

/**
 * What a folder, a Keelanfile or a program holds that could be deployed. Reads only, and only the top of a folder; runs
 * nothing. Throws KeelanError INVALID_REQUEST, naming the path, if it is missing, cannot be read or is too long.
 */
export async function findShips(path: string): Promise<Found> {
  const stats = await stat(path).catch((error: unknown) => {
    throw unusable(path, error)
  })
  if (stats.isDirectory()) return inFolder(path)
  if (!stats.isFile()) throw new KeelanError('INVALID_REQUEST', `${path} is neither a folder nor a file`)
  const folder = dirname(path)
  const name = basename(path)
  if (isKeelanfile(name) || name.endsWith('.keelan'))
    return { folder, keelanfile: { path, text: await readText(path) }, suggestions: [] }
  return { folder, keelanfile: null, suggestions: suggestShips(folder, [await look(folder, name, true)]) }
}

async function inFolder(folder: string): Promise<Found> {
  const names = await namesIn(folder)
  const keelanfile = ['Keelanfile.yml', 'Keelanfile.yaml'].find((name) => names.includes(name))
  const path = keelanfile && join(folder, keelanfile)
  return {
    folder,
    keelanfile: path ? { path, text: await readText(path) } : null,
    suggestions: suggestShips(folder, await lookAll(folder, names)),
  }
}

/** One after another: a folder full of programs must not use up the helper's descriptors. */
async function lookAll(folder: string, names: readonly string[]): Promise<FoundFile[]> {
  const files: FoundFile[] = []
  let programs = 0
  for (const name of names) {
    // What cannot be read is not there, as nobody asked for it by name.
    const file = await look(folder, name, programs < mostPrograms).catch(() => ({ name }))
    if (isProgram(file)) programs += 1
    files.push(file)
  }
  return files
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = []
  try {
    for await (const entry of await opendir(folder)) {
      if (!entry.isDirectory()) names.push(entry.name)
      if (names.length === mostEntries) break
    }
  } catch (error) {
    throw unusable(folder, error)
  }
  return names.sort()
}

const isKeelanfile = (name: string): boolean => name === 'Keelanfile.yml' || name === 'Keelanfile.yaml'

/** What `suggestShips` needs to know of a file. */
async function look(folder: string, name: string, withHead: boolean): Promise<FoundFile> {
  const path = join(folder, name)
  if (name === 'package.json' || name === 'Procfile') return { name, text: await readText(path) }
  const stats = await stat(path)
  if (!withHead || !stats.isFile() || (stats.mode & 0o111) === 0) return { name }
  return { name, head: await read(path, headBytes) }
}

async function readText(path: string): Promise<string> {
  try {
    const bytes = await read(path, longestKeelanfile + 1)
    if (bytes.length > longestKeelanfile) throw new KeelanError('INVALID_REQUEST', `${path} is longer than 1 MiB`)
    return bytes.toString().replace(/^\ufeff/, '')
  } catch (error) {
    throw unusable(path, error)
  }
}

/** The beginning of a file. Does not wait at a pipe, nor read a device. */
async function read(path: string, mostBytes: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new KeelanError('INVALID_REQUEST', `${path} is not a file`)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(mostBytes, stats.size)), 0, undefined, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function unusable(path: string, error: unknown): unknown {
  if (error instanceof KeelanError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return new KeelanError('INVALID_REQUEST', `${path} does not exist`)
  return new KeelanError('INVALID_REQUEST', `${path} cannot be read (${code})`)
}

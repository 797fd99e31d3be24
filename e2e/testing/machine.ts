import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { launch } from './commands.ts'
import { eventually } from './workplace.ts'

/** A part of the machine with mounts of its own, which end with it; needs root. */
export interface Namespace {
  /** A folder that goes away with it. */
  readonly folder: string
  /** Words before a command that runs there; it begins in `/`. */
  readonly inside: readonly string[]
  /** Where a path of that part is seen from outside. */
  readonly seen: (path: string) => string
}

/** Makes one by a line for the shell. To be asked for before the workplace, so that it ends after it. */
export async function namespace(script: (folder: string) => string): Promise<Namespace> {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-mounts-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const line = `${script(folder)} && echo ready && exec sleep 1000`
  const holder = launch(['unshare', '--mount', '--propagation', 'private', 'sh', '-c', line])
  await eventually(() => holder.stdout() + holder.stderr()).toContain('ready')
  return {
    folder,
    inside: ['nsenter', '--target', String(holder.pid), '--mount', '--'],
    seen: (path) => `/proc/${holder.pid}/root${path}`,
  }
}

import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Place } from './place.ts'
import { kill } from './processes.ts'

/** When a program began, and its pid: a line that `stamp.c` wrote. */
export interface Stamp {
  readonly ns: bigint
  readonly pid: number
}

/** Folders for this many programs to write their stamps in, new and empty. */
export function stampFolders(place: Place, kind: string, count: number): string[] {
  const folder = join(place.folder, kind)
  rmSync(folder, { recursive: true, force: true })
  return Array.from({ length: count }, (_, index) => {
    const path = join(folder, String(index).padStart(3, '0'))
    mkdirSync(path, { recursive: true })
    return path
  })
}

/** Of all starts in this folder, oldest first. */
export function stampsIn(folder: string): Stamp[] {
  let text = ''
  try {
    text = readFileSync(join(folder, 'stamp'), 'latin1')
  } catch {
    // Nothing has begun there yet.
  }
  return [...text.matchAll(/^(\d+) (\d+)\n/gm)].map(([, ns = '', pid]) => ({ ns: BigInt(ns), pid: Number(pid) }))
}

/** Waits until a stamp number `index` is there. */
export async function stampAt(folder: string, index: number): Promise<Stamp> {
  const giveUp = performance.now() + 30_000
  for (;;) {
    const stamp = stampsIn(folder)[index]
    if (stamp) return stamp
    if (performance.now() > giveUp) throw new Error(`nothing was started in ${folder} for 30 s`)
    await sleep(10)
  }
}

export const firstStamps = (folders: readonly string[]): Promise<Stamp[]> =>
  Promise.all(folders.map((folder) => stampAt(folder, 0)))

/** What else a death makes others do is over by then, and so does not slow down the next one. */
const pauseMs = 40

/**
 * Kills what runs in each folder, one after another, and gives the ms from right before the signal until the first
 * instruction of its replacement. This process sleeps meanwhile, so that it takes no processor away.
 */
export async function killEach(folders: readonly string[]): Promise<number[]> {
  const result: number[] = []
  for (const folder of folders) {
    const stamps = stampsIn(folder)
    const from = process.hrtime.bigint()
    kill(stamps.at(-1)?.pid ?? NaN, 'SIGKILL')
    await sleep(pauseMs)
    const { ns } = await stampAt(folder, stamps.length)
    result.push(Number(ns - from) / 1e6)
  }
  return result
}

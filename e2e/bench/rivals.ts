import { spawn, spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { atEnd } from './cleanup.ts'
import type { Place } from './place.ts'
import { kill, startTimeOf } from './processes.ts'
import type { Programs } from './programs.ts'
import { firstStamps, stampFolders } from './stamps.ts'

/** Other supervisors of the same program, as many as there are ships. */
export interface Rival {
  readonly folders: readonly string[]
  stop(): Promise<void>
}

export const runitIsThere = (): boolean => spawnSync('runsv').error === undefined

/** The floor: one loop of fork, exec and wait for each program. */
export function startRespawners(place: Place, { respawn, stamp }: Programs, count: number): Promise<Rival> {
  return startEach(stampFolders(place, 'respawn', count), () => [respawn, stamp])
}

/** runit: one `runsv` for each program, which is its `run` itself, without the shell that people usually put between. */
export function startRunit(place: Place, { stamp }: Programs, count: number): Promise<Rival> {
  const folders = stampFolders(place, 'runit', count)
  for (const folder of folders) symlinkSync(stamp, join(folder, 'run'))
  return startEach(folders, (folder) => ['runsv', folder])
}

async function startEach(
  folders: readonly string[],
  command: (folder: string) => [string, ...string[]],
): Promise<Rival> {
  const pids = folders.map((cwd) => {
    const [program, ...args] = command(cwd)
    const child = spawn(program, args, { cwd, stdio: 'ignore', detached: true })
    child.on('error', () => {})
    child.unref()
    return child.pid ?? NaN
  })
  const stop = async (): Promise<void> => {
    // Each leads a group, which its program is in as well; it goes first, so that nothing comes back.
    for (const pid of pids.splice(0)) {
      const startTime = startTimeOf(pid)
      kill(-pid, 'SIGKILL')
      while (startTime !== null && startTimeOf(pid) === startTime) await sleep(2)
    }
  }
  atEnd(stop)
  await firstStamps(folders)
  return { folders, stop }
}

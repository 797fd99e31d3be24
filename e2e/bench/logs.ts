import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { atEnd } from './cleanup.ts'
import type { Figure } from './figure.ts'
import { openPlace, type Place } from './place.ts'
import { cpuSecondsOf, kill } from './processes.ts'
import type { Programs } from './programs.ts'
import type { Settings } from './settings.ts'

/**
 * A program that writes a large log, as a ship and into a plain file, in turn. It takes its time itself, from its first line
 * to its last. The helper's processor time is counted from when the ship runs until its last line.
 */
export async function measureLogs({ writeLines }: Programs, { repetitions, logLines }: Settings): Promise<Figure[]> {
  const place = openPlace('logs')
  await place.keelan('daemon', 'start')
  const ship: number[] = []
  const plain: number[] = []
  const helper: number[] = []
  const command = [writeLines, String(logLines)] as const
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    // Each is the first as often as the other.
    if (repetition % 2 === 0) plain.push(await plainFile(place, command))
    const folder = emptyFolder(place, 'ship')
    await place.keelan('deploy', 'writer', '--cwd', folder, '--', ...command)
    const before = cpuSecondsOf(place.helperPid())
    ship.push(await written(folder))
    helper.push(cpuSecondsOf(place.helperPid()) - before)
    await place.keelan('remove', 'writer', '--delete-log')
    if (repetition % 2 === 1) plain.push(await plainFile(place, command))
  }
  await place.close()
  const megabytes = Math.round(logLines / 10_000)
  const against = [{ name: 'plain file', samples: plain }]
  return [
    { name: `log: ${megabytes} MB of lines by a ship`, unit: 's', samples: ship, against },
    { name: 'log: the same into a plain file', unit: 's', samples: plain },
    { name: 'log: processor time of the helper meanwhile', unit: 's', samples: helper, aim: 0.05 },
  ]
}

async function plainFile(place: Place, [program, ...args]: readonly [string, ...string[]]): Promise<number> {
  const cwd = emptyFolder(place, 'plain')
  const file = openSync(join(cwd, 'log'), 'a')
  const child = spawn(program, args, { cwd, stdio: ['ignore', file, file] })
  closeSync(file)
  const stop = (): void => kill(child.pid ?? NaN, 'SIGKILL')
  atEnd(stop)
  const seconds = await written(cwd)
  stop()
  rmSync(cwd, { recursive: true })
  return seconds
}

function emptyFolder(place: Place, name: string): string {
  const folder = join(place.folder, name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  return folder
}

/** Waits until everything was written, and gives how many s that took. */
async function written(folder: string): Promise<number> {
  for (const giveUp = performance.now() + 300_000; performance.now() < giveUp; await sleep(20)) {
    try {
      const [, first = '', last = ''] = /^(\d+) (\d+)\n/.exec(readFileSync(join(folder, 'written'), 'latin1')) ?? []
      if (last) return Number(BigInt(last) - BigInt(first)) / 1e9
    } catch {
      // It still writes.
    }
  }
  throw new Error(`the program in ${folder} did not come to its end`)
}

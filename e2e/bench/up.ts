import { fileURLToPath } from 'node:url'
import type { Figure } from './figure.ts'
import { describeFleet } from './fleet.ts'
import { openPlace } from './place.ts'
import { kill } from './processes.ts'
import type { Programs } from './programs.ts'
import type { Settings } from './settings.ts'
import { firstStamps, stampFolders } from './stamps.ts'

const spawner = fileURLToPath(new URL('./spawn-bare.js', import.meta.url))

/**
 * One `keelan up` of a Keelanfile with new ships, against a Node program that spawns as many bare processes; both are timed
 * from before Node starts until the command has ended, and until the last program's first instruction.
 */
export async function measureUp(programs: Programs, { ships, repetitions }: Settings): Promise<Figure[]> {
  const place = openPlace('up')
  const [up, run, cold, bareEnd, bareRun]: number[][] = [[], [], [], [], []]
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    await place.keelan('daemon', 'start')
    const { folders } = describeFleet(place, programs, ships)
    const keelan = await timed(() => place.keelan('up'), folders)
    up?.push(keelan.endMs)
    run?.push(keelan.runMs)
    await place.keelan('remove', '--all', '--yes', '--delete-log')

    const bare = stampFolders(place, 'bare', ships)
    const spawned = await timed(() => place.node(spawner, programs.stamp, ...bare), bare)
    for (const pid of spawned.pids) kill(pid, 'SIGKILL')
    bareEnd?.push(spawned.endMs)
    bareRun?.push(spawned.runMs)

    await place.keelan('daemon', 'stop')
    describeFleet(place, programs, ships)
    cold?.push((await place.keelan('up')).ms)
    await place.keelan('remove', '--all', '--yes', '--delete-log')
  }
  await place.close()
  const name = `spawn of ${ships} by Node`
  const against = (samples: number[] = []) => [{ name, samples }]
  return [
    { name: `up: ${ships} ships by one command`, unit: 'ms', samples: up ?? [], aim: 1_500, against: against(bareEnd) },
    { name: 'up: until all of them run', unit: 'ms', samples: run ?? [], against: against(bareRun) },
    {
      name: 'up: the command, with the helper’s own start',
      unit: 'ms',
      samples: cold ?? [],
      against: against(bareEnd),
    },
    { name: `up: ${name}`, unit: 'ms', samples: bareEnd ?? [] },
    { name: 'up: the same, until all of them run', unit: 'ms', samples: bareRun ?? [] },
  ]
}

async function timed(command: () => Promise<{ ms: number }>, folders: readonly string[]) {
  const from = process.hrtime.bigint()
  const { ms } = await command()
  const stamps = await firstStamps(folders)
  const lastMs = Math.max(...stamps.map(({ ns }) => Number(ns - from) / 1e6))
  return { endMs: ms, runMs: lastMs, pids: stamps.map(({ pid }) => pid) }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Figure } from './figure.ts'
import { startFleet } from './fleet.ts'
import { journalsIn } from './journals.ts'
import { openPlace } from './place.ts'
import { cpuSecondsOf } from './processes.ts'
import type { Programs } from './programs.ts'
import type { Settings } from './settings.ts'

/** Processor time while nothing happens, in s a minute: of the helper, and of all shims together. */
export async function measureIdle(programs: Programs, settings: Settings): Promise<Figure[]> {
  const { ships, rounds, idleSeconds, settleMs } = settings
  const place = openPlace('idle')
  await startFleet(place, programs, ships)
  await sleep(settleMs)
  const helperPid = place.helperPid()
  const shimPids = journalsIn(place.paths.shipRuns).map(({ shim }) => shim.pid)
  const ofShims = (): number => shimPids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0)
  const helper: number[] = []
  const shims: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const before = { helper: cpuSecondsOf(helperPid), shims: ofShims() }
    await sleep(idleSeconds * 1_000)
    helper.push(((cpuSecondsOf(helperPid) - before.helper) * 60) / idleSeconds)
    shims.push(((ofShims() - before.shims) * 60) / idleSeconds)
  }
  await place.close()
  const together = helper.map((one, round) => one + (shims[round] ?? 0))
  return [
    { name: `idle: processor time a minute, ${ships} ships, all of Keelan`, unit: 's', samples: together, aim: 0.1 },
    { name: 'idle: of that the helper', unit: 's', samples: helper },
    { name: 'idle: of that all shims', unit: 's', samples: shims },
  ]
}

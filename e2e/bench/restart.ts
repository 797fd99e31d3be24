import type { Figure } from './figure.ts'
import { startFleet } from './fleet.ts'
import { openPlace } from './place.ts'
import type { Programs } from './programs.ts'
import { runitIsThere, startRespawners, startRunit } from './rivals.ts'
import type { Settings } from './settings.ts'
import { killEach } from './stamps.ts'

/**
 * From a ship's death to its replacement's first instruction. All supervisors have as many programs running, the same ones, all
 * the time; they are measured in turn, a round each, so that whatever else the machine does meets all of them.
 */
export async function measureRestart(programs: Programs, { ships, rounds }: Settings): Promise<Figure[]> {
  const place = openPlace('restart')
  const fleet = await startFleet(place, programs, ships)
  const bare = await startRespawners(place, programs, ships)
  const runit = runitIsThere() ? await startRunit(place, programs, ships) : null
  const alive: number[] = []
  const dead: number[] = []
  const floor: number[] = []
  const rival: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    alive.push(...(await killEach(fleet.folders)))
    floor.push(...(await killEach(bare.folders)))
    if (runit) rival.push(...(await killEach(runit.folders)))
    await place.killHelper()
    dead.push(...(await killEach(fleet.folders)))
    await place.keelan('daemon', 'start')
  }
  await bare.stop()
  await runit?.stop()
  await place.close()
  const floorFigure = { name: 'bare fork, exec, wait', samples: floor }
  const against = [floorFigure, ...(runit ? [{ name: 'runit', samples: rival }] : [])]
  return [
    { name: `restart: death to first instruction, ${ships} ships`, unit: 'ms', samples: alive, aim: 2.5, against },
    { name: 'restart: the same, helper dead', unit: 'ms', samples: dead, aim: 2.5, against },
    ...(runit ? [{ name: 'restart: runit', unit: 'ms', samples: rival, against: [floorFigure] } as const] : []),
    { name: 'restart: bare fork, exec, wait', unit: 'ms', samples: floor },
  ]
}

import type { Figure } from './figure.ts'
import { startFleet } from './fleet.ts'
import { openPlace } from './place.ts'
import type { Programs } from './programs.ts'
import type { Settings } from './settings.ts'

/** How long a person waits for the command, in turn with a Node that does nothing. */
export async function measureCommands(programs: Programs, { ships, repetitions }: Settings): Promise<Figure[]> {
  const place = openPlace('commands')
  await startFleet(place, programs, ships)
  const nothing: number[] = []
  const version: number[] = []
  const ls: number[] = []
  for (let repetition = 0; repetition < repetitions * 4; repetition += 1) {
    nothing.push((await place.node('-e', '0')).ms)
    version.push((await place.keelan('--version')).ms)
    ls.push((await place.keelan('ls')).ms)
  }
  await place.close()
  const against = [{ name: 'node -e 0', samples: nothing }]
  return [
    { name: 'command: keelan --version', unit: 'ms', samples: version, against },
    { name: `command: keelan ls, ${ships} ships`, unit: 'ms', samples: ls, against },
    { name: 'command: node -e 0', unit: 'ms', samples: nothing },
  ]
}

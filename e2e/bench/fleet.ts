import { type Place, writeKeelanfile } from './place.ts'
import type { Programs } from './programs.ts'
import { firstStamps, stampFolders } from './stamps.ts'

export interface BenchFleet {
  /** Where each ship's stamps are, in the order of `names`. */
  readonly folders: readonly string[]
  readonly names: readonly string[]
}

/** Writes a Keelanfile of this many ships, each of which does nothing but wait. */
export function describeFleet(place: Place, { stamp }: Programs, count: number): BenchFleet {
  const folders = stampFolders(place, 'ships', count)
  const ships = folders.map(
    (cwd, index) => [`ship${String(index).padStart(3, '0')}`, { command: [stamp], cwd }] as const,
  )
  writeKeelanfile(place, Object.fromEntries(ships))
  return { folders, names: ships.map(([name]) => name) }
}

/** Has this many ships run. */
export async function startFleet(place: Place, programs: Programs, count: number): Promise<BenchFleet> {
  const fleet = describeFleet(place, programs, count)
  await place.keelan('up')
  await firstStamps(fleet.folders)
  return fleet
}

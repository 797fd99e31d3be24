import { setTimeout as sleep } from 'node:timers/promises'
import type { Figure } from './figure.ts'
import { type BenchFleet, startFleet } from './fleet.ts'
import { openPlace, type Place } from './place.ts'
import { kill } from './processes.ts'
import type { Programs } from './programs.ts'
import type { Settings } from './settings.ts'
import { stampsIn } from './stamps.ts'

/** A death is committed and told before the next one comes. */
const pauseMs = 50

/** From a ship's death until a connected client, this process, has read the line that tells of it. */
export async function measureEvents(programs: Programs, { ships, rounds }: Settings): Promise<Figure[]> {
  const place = openPlace('events')
  const fleet = await startFleet(place, programs, ships)
  const from: number[] = []
  const since: number[] = []
  for (let round = 0; round < rounds; round += 1) from.push(...(await deathsTold(place, fleet)))
  for (let round = 0; round < rounds; round += 1) {
    await place.keelan('daemon', 'restart')
    since.push(...(await deathsTold(place, fleet)))
  }
  await place.close()
  return [
    { name: 'event: death to client, helper that started it', unit: 'ms', samples: from, aim: 10 },
    { name: 'event: the same, helper started since', unit: 'ms', samples: since, aim: 10 },
  ]
}

async function deathsTold(place: Place, { names, folders }: BenchFleet): Promise<number[]> {
  const told = new Map<string, bigint>()
  const connection = new AbortController()
  const lines = place.client.events({}, connection.signal)
  // The snapshot: from here on the client is told of everything.
  await lines.next()
  const reading = readExits(lines, told)
  const result: number[] = []
  for (const [index, name] of names.entries()) {
    const pid = stampsIn(folders[index] ?? '').at(-1)?.pid ?? NaN
    const at = process.hrtime.bigint()
    kill(pid, 'SIGKILL')
    for (const giveUp = performance.now() + 30_000; !told.has(name);) {
      if (performance.now() > giveUp) throw new Error(`nobody told that ${name} ended`)
      await sleep(pauseMs)
    }
    result.push(Number((told.get(name) ?? at) - at) / 1e6)
  }
  connection.abort()
  await reading
  return result
}

async function readExits(lines: ReturnType<Place['client']['events']>, told: Map<string, bigint>): Promise<void> {
  try {
    for await (const line of lines) {
      const at = process.hrtime.bigint()
      if (line.type === 'event' && line.event.type === 'ship.exited') told.set(line.event.name ?? '', at)
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error
  }
}

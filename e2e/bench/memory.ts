import { spawn } from 'node:child_process'
import { closeSync, copyFileSync, fsyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { atEnd } from './cleanup.ts'
import type { Figure } from './figure.ts'
import { startFleet } from './fleet.ts'
import { journalsIn } from './journals.ts'
import { openPlace } from './place.ts'
import { kill, memoryOf } from './processes.ts'
import type { Programs } from './programs.ts'
import type { Settings } from './settings.ts'

/**
 * Memory of the helper and of a shim, after a while of doing nothing. PSS parts a page among all who use it, so every other
 * program on Node, this one too, would make the helper look lighter: the helper runs on a copy of the node binary, whose
 * pages are its own. The bare Node beside it runs on the same copy, at another time.
 */
export async function measureMemory(programs: Programs, settings: Settings): Promise<Figure[]> {
  const outer = openPlace('memory-node')
  const node = join(outer.folder, 'node')
  copySynced(process.execPath, node)
  const bare = series()
  const none = series()
  const all = series()
  const shims: number[] = []
  for (let repetition = 0; repetition < settings.repetitions; repetition += 1) {
    bare.add(await bareNode(node, settings.settleMs))
    const place = openPlace('memory', { node })
    await place.keelan('daemon', 'start')
    await sleep(settings.settleMs)
    none.add(memoryOf(place.helperPid()))
    await startFleet(place, programs, settings.ships)
    await sleep(settings.settleMs)
    all.add(memoryOf(place.helperPid()))
    const each = journalsIn(place.paths.shipRuns).map(({ shim }) => memoryOf(shim.pid).pss)
    shims.push(each.reduce((sum, one) => sum + one, 0) / each.length)
    await place.close()
  }
  await outer.close()
  const against = (samples: number[]) => [{ name: 'bare node', samples }]
  const { ships } = settings
  return [
    { name: 'memory: helper, no ships, PSS', unit: 'MB', samples: none.pss, aim: 60, against: against(bare.pss) },
    { name: `memory: helper, ${ships} ships, PSS`, unit: 'MB', samples: all.pss, aim: 60, against: against(bare.pss) },
    { name: 'memory: helper, no ships, private dirty', unit: 'MB', samples: none.dirty, against: against(bare.dirty) },
    {
      name: `memory: helper, ${ships} ships, private dirty`,
      unit: 'MB',
      samples: all.dirty,
      against: against(bare.dirty),
    },
    { name: 'memory: bare node, PSS', unit: 'MB', samples: bare.pss },
    { name: 'memory: bare node, private dirty', unit: 'MB', samples: bare.dirty },
    { name: `memory: one shim, mean of ${ships}, PSS`, unit: 'MB', samples: shims, aim: 0.15 },
  ]
}

/** Pages that are still to be written to the disk would count as changed by whoever maps them. */
function copySynced(from: string, to: string): void {
  copyFileSync(from, to)
  const file = openSync(to, 'r+')
  fsyncSync(file)
  closeSync(file)
}

function series() {
  const pss: number[] = []
  const dirty: number[] = []
  const add = (memory: { pss: number; privateDirty: number }): void => {
    pss.push(memory.pss)
    dirty.push(memory.privateDirty)
  }
  return { pss, dirty, add }
}

async function bareNode(node: string, settleMs: number): Promise<ReturnType<typeof memoryOf>> {
  const child = spawn(node, ['-e', 'setTimeout(() => {}, 1e9)'], { stdio: 'ignore' })
  const stop = (): void => kill(child.pid ?? NaN, 'SIGKILL')
  atEnd(stop)
  await sleep(settleMs)
  const memory = memoryOf(child.pid ?? NaN)
  stop()
  return memory
}

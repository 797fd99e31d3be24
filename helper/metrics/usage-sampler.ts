import { closeSync, openSync, readSync } from 'node:fs'
import { availableParallelism, uptime } from 'node:os'
import type { Usage } from '../api/events.ts'
import { CpuMeter } from './cpu-meter.ts'
import { MemoryShares } from './memory-shares.ts'
import { keyOf, type ProcessRow, readProcesses, ticksPerSecond } from './process-table.ts'
import { type ShipRoots, shipTrees } from './ship-trees.ts'

/** A ship, and whether its usage is of interest: one that waits to be restarted is read all the same. */
export interface SampledShip extends ShipRoots {
  readonly isRunning: boolean
}

/** Bytes of an environment that tell whose process it is; the marks come first in it (see `supervisor/environment.ts`). */
const markBytes = 64

/** Samples what ships use: one pass over all processes, whatever the number of ships. */
export class UsageSampler {
  readonly #cpu = new CpuMeter(availableParallelism())
  readonly #memory = new MemoryShares()
  readonly #head = Buffer.alloc(markBytes)
  /** What the environment of each process of a ship begins with, since its last exec. */
  #marks = new Map<string, string>()

  /** What each ship that runs uses, CPU since the sample before. */
  async sample(ships: readonly SampledShip[]): Promise<Record<string, Usage>> {
    const at = { ms: performance.now(), bootTicks: Math.floor(uptime() * ticksPerSecond) }
    const rows = await readProcesses()
    const marks = new Map<string, string>()
    const trees = shipTrees(rows, ships, (row, shimId) => {
      const exec = `${keyOf(row)}:${row.environmentAt}`
      const mark = this.#marks.get(exec) ?? this.#readMark(row.pid)
      marks.set(exec, mark)
      return (
        mark.startsWith('KEELAN_PART=') ||
        (mark.startsWith('KEELAN_SHIM=') && !mark.startsWith(`KEELAN_SHIM=${shimId}\0`))
      )
    })
    this.#marks = marks
    const percent = this.#cpu.read(trees, at)
    this.#memory.refresh(trees.flatMap(({ processes }) => processes))
    const running = new Set(ships.filter(({ isRunning }) => isRunning).map(({ name }) => name))
    return Object.fromEntries(
      trees
        .filter(({ name }) => running.has(name))
        .map(({ name, processes }) => [
          name,
          { cpuPercent: Math.round((percent.get(name) ?? 0) * 10) / 10, memoryBytes: this.#memoryOf(processes) },
        ]),
    )
  }

  /** Nobody asks any more: the next sample is a first one. */
  forget(): void {
    this.#cpu.forget()
    this.#marks.clear()
  }

  #memoryOf(processes: readonly ProcessRow[]): number {
    return processes.reduce((bytes, row) => bytes + this.#memory.bytesOf(row), 0)
  }

  /** Empty: gone, or another user's. */
  #readMark(pid: number): string {
    let file: number
    try {
      file = openSync(`/proc/${pid}/environ`, 'r')
    } catch {
      return ''
    }
    try {
      return this.#head.toString('latin1', 0, readSync(file, this.#head, 0, markBytes, 0))
    } catch {
      return ''
    } finally {
      closeSync(file)
    }
  }
}

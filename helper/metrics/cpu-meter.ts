import { keyOf, type ProcessRow, ticksPerSecond } from './process-table.ts'
import type { ShipTree } from './ship-trees.ts'

/** When a table of processes was read. */
export interface Moment {
  /** On a clock that never goes back. */
  readonly ms: number
  /** Of that clock which `startTicks` is on. */
  readonly bootTicks: number
}

interface Reading {
  readonly at: Moment
  /** Ticks of each process. */
  readonly own: ReadonlyMap<string, number>
  /** By the tree's key. */
  readonly trees: ReadonlyMap<string, { readonly total: number; readonly foreign: ReadonlySet<string> }>
}

/** Makes processor time into percent, from one reading of the processes to the next. Pure but for what it remembers. */
export class CpuMeter {
  readonly #cores: number
  #before: Reading | null = null

  constructor(cores: number) {
    this.#cores = cores
  }

  /** Percent of one core for each ship since the reading before; 0 at the first. */
  read(trees: readonly ShipTree[], at: Moment): Map<string, number> {
    const before = this.#before
    const now: Reading = {
      at,
      own: new Map(trees.flatMap(({ processes }) => processes.map((row) => [keyOf(row), row.ownTicks]))),
      trees: new Map(
        trees.map((tree) => [tree.key, { total: totalOf(tree), foreign: new Set(tree.foreign.map(keyOf)) }]),
      ),
    }
    this.#before = now
    if (!before) return new Map(trees.map(({ name }) => [name, 0]))
    const elapsed = ((at.ms - before.at.ms) * ticksPerSecond) / 1_000
    return new Map(
      trees.map((tree) => [tree.name, elapsed > 0 ? (this.#ticks(tree, before, now, elapsed) / elapsed) * 100 : 0]),
    )
  }

  forget(): void {
    this.#before = null
  }

  /**
   * What a process used that has ended since is in what its parent knows of its children, so the whole tree's total tells
   * all. Not so when a process ended in the middle of the reading, or its parent did not wait for it, or when one ended that
   * is no part of the ship, though the ship or its shim waited for it: what the living ones used themselves is certain.
   */
  #ticks(tree: ShipTree, before: Reading, now: Reading, elapsed: number): number {
    const certain = tree.processes.reduce((sum, row) => sum + usedSince(row, before), 0)
    const [then, present] = [before.trees.get(tree.key), now.trees.get(tree.key)]
    if (!then || !present) return certain
    if ([...then.foreign].some((key) => !present.foreign.has(key))) return certain
    const all = present.total - then.total
    // Each process's time is rounded to a tick.
    const most = this.#cores * elapsed + tree.processes.length + 1
    return all >= certain && all <= most ? all : certain
  }
}

const sum = (rows: readonly ProcessRow[]): number =>
  rows.reduce((ticks, { ownTicks, childTicks }) => ticks + ownTicks + childTicks, 0)

const totalOf = ({ processes, shim }: ShipTree): number => sum(processes) + (shim?.childTicks ?? 0)

/** Of one that was not known before only what cannot be older. */
function usedSince(row: ProcessRow, { own, at }: Reading): number {
  const then = own.get(keyOf(row)) ?? (row.startTicks > at.bootTicks ? 0 : row.ownTicks)
  return Math.max(0, row.ownTicks - then)
}

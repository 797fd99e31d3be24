import type { ProcessRow } from '../process-table.ts'
import type { ShipRoots } from '../ship-trees.ts'

/** For tests: a process that has used nothing and started at tick 1. */
export function row(pid: number, parent: number, more: Partial<ProcessRow> = {}): ProcessRow {
  return { pid, parent, startTicks: 1, ownTicks: 0, childTicks: 0, rssBytes: 0, environmentAt: '1', ...more }
}

/** For tests: a ship with the shim of this pid. */
export function shipOf(name: string, shim: number, more: Partial<ShipRoots> = {}): ShipRoots {
  return { name, shimId: `id-${name}`, shim: { pid: shim, startTime: '1' }, main: null, ...more }
}

import type { ProcessRow } from './process-table.ts'

interface Root {
  readonly pid: number
  /** In clock ticks since boot, as /proc writes it. */
  readonly startTime: string
}

/** Where the processes of a ship are found. */
export interface ShipRoots {
  readonly name: string
  readonly shimId: string
  /** null: it was killed, and the ship lives on without one. */
  readonly shim: Root | null
  /** The ship's own process, if there is one now. */
  readonly main: Root | null
}

/** The processes of one ship. */
export interface ShipTree {
  readonly name: string
  /** Says that two trees are of the same life. */
  readonly key: string
  readonly processes: ProcessRow[]
  /** Which waits for all that the ship leaves behind; it is no part of the ship. */
  readonly shim: ProcessRow | null
  /** Helpers and shims that the ship has started: they and all below them are no part of it. */
  readonly foreign: ProcessRow[]
}

/**
 * Which processes belong to which ship: what descends from its shim, as the shim is the subreaper of all that the ship
 * leaves behind. `isForeign` tells whether a process, of a ship by its descent, is a helper or shim, or of another ship. Pure.
 */
export function shipTrees(
  rows: readonly ProcessRow[],
  ships: readonly ShipRoots[],
  isForeign: (row: ProcessRow, shimId: string) => boolean,
): ShipTree[] {
  const byPid = new Map(rows.map((row) => [row.pid, row]))
  const find = (root: Root | null): ProcessRow | null => {
    const row = root ? byPid.get(root.pid) : undefined
    return row && [0, Number(root?.startTime)].includes(row.startTicks) ? row : null
  }
  /** By pid; null: of no ship. */
  const owners = new Map<number, Owner | null>()
  const trees = ships.flatMap((ship): ShipTree[] => {
    const shim = find(ship.shim)
    const main = find(ship.main)
    const top = shim ?? main
    if (!top) return []
    const tree = { name: ship.name, key: `${ship.shimId}:${top.pid}`, processes: [], shim, foreign: [] }
    const owner = { tree, shimId: ship.shimId }
    if (shim) owners.set(shim.pid, owner)
    else if (main) join(main, owner)
    return [tree]
  })

  function join(row: ProcessRow, owner: Owner): void {
    owners.set(row.pid, owner)
    owner.tree.processes.push(row)
  }

  function ownerOf(row: ProcessRow): Owner | null {
    const known = owners.get(row.pid)
    if (known !== undefined) return known
    // Until it is known: a pid used again while the table was read may close a circle.
    owners.set(row.pid, null)
    const parent = byPid.get(row.parent)
    const owner = parent ? ownerOf(parent) : null
    if (!owner) return null
    if (isForeign(row, owner.shimId)) {
      owner.tree.foreign.push(row)
      return null
    }
    join(row, owner)
    return owner
  }

  for (const row of rows) ownerOf(row)
  return trees
}

interface Owner {
  readonly tree: ShipTree
  readonly shimId: string
}

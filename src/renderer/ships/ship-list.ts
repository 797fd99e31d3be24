import type { Usage } from '../../../helper/api/events.ts'
import type { Ship, ShipStatus } from '../../../helper/api/ship.ts'

export type SortKey = 'name' | 'status' | 'health' | 'uptime' | 'restarts' | 'cpu' | 'memory' | 'exit' | 'command'

export interface Order {
  readonly by: SortKey
  readonly descending: boolean
}

export interface Filter {
  /** All of these must be in name or command. */
  readonly words: string
  /** One of these; none: any. */
  readonly states: ReadonlySet<ShipStatus>
}

/** What needs the person first comes first. */
const urgency: readonly ShipStatus[] = ['failed', 'backoff', 'stopping', 'starting', 'running', 'stopped']
/** As states are shown. The contract's own list would bring zod into the page. */
const shown: readonly ShipStatus[] = ['running', 'starting', 'stopping', 'backoff', 'failed', 'stopped']
const byName = new Intl.Collator('en', { numeric: true })

/** The ships that pass the filter, in order; those that tell nothing by the order's column come last, and equal ones by name. */
export function listed(
  ships: Iterable<Ship>,
  usage: ReadonlyMap<string, Usage>,
  filter: Filter,
  { by, descending }: Order,
): Ship[] {
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean)
  const passes = (ship: Ship): boolean => {
    if (filter.states.size > 0 && !filter.states.has(ship.status)) return false
    const text = `${ship.name} ${ship.command}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
  const value = (ship: Ship): number | string | null => sortValue(ship, usage.get(ship.name), by)
  const keyed = [...ships].filter(passes).map((ship) => ({ ship, value: value(ship) }))
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      if (a.value !== b.value) return a.value === null ? 1 : -1
    } else {
      const difference = compare(a.value, b.value)
      if (difference !== 0) return descending ? -difference : difference
    }
    return byName.compare(a.ship.name, b.ship.name)
  })
  return keyed.map(({ ship }) => ship)
}

/** How many ships are in each state, in the order in which states are shown; those without a ship are left out. */
export function countsByState(ships: Iterable<Ship>): ReadonlyMap<ShipStatus, number> {
  const counts = new Map<ShipStatus, number>(shown.map((status) => [status, 0]))
  for (const { status } of ships) counts.set(status, counts.get(status)! + 1)
  return new Map([...counts].filter(([, count]) => count > 0))
}

/** Of these ships, those that it makes sense to start, or to stop. */
export const startable = (ship: Ship): boolean => ['stopped', 'failed', 'backoff', 'stopping'].includes(ship.status)
export const stoppable = (ship: Ship): boolean => ['running', 'starting', 'backoff'].includes(ship.status)

function sortValue(ship: Ship, usage: Usage | undefined, by: SortKey): number | string | null {
  switch (by) {
    case 'name':
      return ship.name
    case 'status':
      return urgency.indexOf(ship.status)
    case 'health':
      return ship.health === null ? null : ['unhealthy', 'unknown', 'healthy'].indexOf(ship.health)
    case 'uptime':
      // The later the start, the shorter the uptime.
      return ship.startedAt === null ? null : -Date.parse(ship.startedAt)
    case 'restarts':
      return ship.restarts
    case 'cpu':
      return usage?.cpuPercent ?? null
    case 'memory':
      return usage?.memoryBytes ?? null
    case 'exit':
      return ship.signal ?? ship.exitCode
    case 'command':
      return ship.command
  }
}

/** Numbers before words, so that exit codes come before signals. */
function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return byName.compare(a, b)
  return typeof a === 'number' ? -1 : 1
}

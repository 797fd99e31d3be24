import type { KeelanEvent, StreamLine, Usage } from '../../../helper/api/events.ts'
import type { Ship } from '../../../helper/api/ship.ts'

/** What is known of all ships, up to the event `seq` of `stream`. */
export interface FleetState {
  readonly stream: string | null
  readonly seq: number
  readonly ships: ReadonlyMap<string, Ship>
  readonly usage: ReadonlyMap<string, Usage>
}

export const nothingKnown: FleetState = { stream: null, seq: 0, ships: new Map(), usage: new Map() }

/** What is known after these lines of the event stream, and the events among them that are new. Ships that did not change stay the same objects. */
export function afterLines(state: FleetState, lines: readonly StreamLine[]): [FleetState, KeelanEvent[]] {
  let { stream, seq, usage } = state
  let ships: Map<string, Ship> | undefined
  const events: KeelanEvent[] = []
  for (const line of lines) {
    switch (line.type) {
      case 'snapshot':
        ;({ stream, seq } = line)
        ships = new Map(line.ships.map((ship) => [ship.name, ship]))
        break
      case 'event': {
        const { event } = line
        if (event.seq <= seq) break
        seq = event.seq
        events.push(event)
        if (event.name === null || (event.ship === null && event.type !== 'ship.removed')) break
        ships ??= new Map(state.ships)
        if (event.ship) ships.set(event.name, event.ship)
        else ships.delete(event.name)
        break
      }
      case 'usage':
        usage = afterUsage(usage, line.ships)
        break
      case 'heartbeat':
        break
    }
  }
  return [{ stream, seq, ships: ships ?? state.ships, usage }, events]
}

/** The new usage; that of a ship which uses as much as before stays the same object, so that its row is not drawn again. */
function afterUsage(before: ReadonlyMap<string, Usage>, now: Readonly<Record<string, Usage>>): Map<string, Usage> {
  return new Map(
    Object.entries(now).map(([name, usage]) => {
      const old = before.get(name)
      const same = old?.cpuPercent === usage.cpuPercent && old.memoryBytes === usage.memoryBytes
      return [name, same ? old : usage]
    }),
  )
}

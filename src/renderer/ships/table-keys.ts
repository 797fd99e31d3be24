import type { Ship } from '../../../helper/api/ship.ts'
import type { ShipVerb } from '../state/ship-action-words.ts'
import { startable, stoppable } from './ship-list.ts'

type Key = Pick<React.KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>

const verbs = new Map<string, ShipVerb>([
  ['S', 'start'],
  ['T', 'stop'],
  ['R', 'restart'],
  ['Delete', 'remove'],
])

/** What a key does to the ships of the list. Capital letters, so that typing a name finds its row and does nothing else. */
export function verbOf({ key, ctrlKey, altKey, metaKey }: Key): ShipVerb | undefined {
  return ctrlKey || altKey || metaKey ? undefined : verbs.get(key)
}

/** Whether it makes sense to do that to a ship as it is. */
export function makesSense(verb: ShipVerb): (ship: Ship) => boolean {
  switch (verb) {
    case 'start':
      return startable
    case 'stop':
      return stoppable
    case 'restart':
    case 'remove':
      return () => true
  }
}

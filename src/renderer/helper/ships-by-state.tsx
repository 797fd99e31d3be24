import type { Ship } from '../../../helper/api/ship.ts'
import { go } from '../state/location.ts'
import { countsByState } from '../ships/ship-list.ts'
import { changeView } from '../ships/view-state.ts'
import { Button } from '../ui/button.tsx'
import { StatusShape, statusWords } from '../ui/status-badge.tsx'
import styles from './ships-by-state.module.css'

/** How many ships are in each state; each leads to the list of them. */
export function ShipsByState({ ships }: { readonly ships: ReadonlyMap<string, Ship> }) {
  return (
    <section className={styles['states']} aria-label="Ships by state">
      {[...countsByState(ships.values())].map(([status, count]) => (
        <Button
          key={status}
          icon={<StatusShape status={status} />}
          onPress={() => {
            changeView({ words: '', states: new Set([status]) })
            go('/ships')
          }}
        >
          {count} {statusWords[status].toLowerCase()}
        </Button>
      ))}
    </section>
  )
}

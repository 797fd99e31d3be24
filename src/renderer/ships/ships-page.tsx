import { FileText, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Selection } from 'react-aria-components'
import type { Ship } from '../../../helper/api/ship.ts'
import { useConnection, useShips, useUsageOfAll } from '../state/fleet.ts'
import { go } from '../state/location.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from '../ui/page.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { FirstShip } from './first-ship.tsx'
import { openKeelanfile } from './open-keelanfile.ts'
import { countsByState, listed } from './ship-list.ts'
import { ShipsTable } from './ships-table.tsx'
import styles from './ships-page.module.css'
import { Toolbar } from './toolbar.tsx'
import { useView } from './view-state.ts'

/** All ships, and what can be done to one or many of them. */
export function ShipsPage() {
  const ships = useShips()
  return (
    <Page title="Ships" {...(ships.size > 0 && { aside: ships.size, actions: <PageActions /> })}>
      {ships.size > 0 ? <List ships={ships} /> : <NoShips />}
    </Page>
  )
}

function PageActions() {
  return (
    <>
      {window.keelan && (
        <Button icon={<FileText size={15} />} onPress={() => void openKeelanfile()}>
          Open a Keelanfile
        </Button>
      )}
      <Button variant="primary" icon={<Plus size={15} />} onPress={() => go('/deploy')}>
        Deploy a ship
      </Button>
    </>
  )
}

function List({ ships }: { readonly ships: ReadonlyMap<string, Ship> }) {
  const [view, changeView] = useView()
  const [chosen, setSelection] = useState<Selection>(new Set())
  const selection = useMemo(() => withoutGone(chosen, ships), [chosen, ships])
  const usage = useUsageOfAll(view.order.by === 'cpu' || view.order.by === 'memory')
  const counts = useMemo(() => countsByState(ships.values()), [ships])
  const shown = useMemo(() => listed(ships.values(), usage, view, view.order), [ships, usage, view])
  const selected = useMemo(() => selectedShips(selection, shown), [selection, shown])
  return (
    <>
      <Toolbar counts={counts} total={ships.size} selected={selected} onClear={() => setSelection(new Set())} />
      {shown.length > 0 ? (
        <ShipsTable ships={shown} selection={selection} onSelectionChange={setSelection} selected={selected} />
      ) : (
        <EmptyState
          title="No ship is like that"
          actions={<Button onPress={() => changeView({ words: '', states: new Set() })}>Show all {ships.size}</Button>}
        >
          Other words, or other states, may find it.
        </EmptyState>
      )}
    </>
  )
}

function NoShips() {
  const connection = useConnection()
  if (connection === 'connected') return <FirstShip />
  return (
    <div className={styles['waiting']}>
      {connection === 'connecting' ? (
        <Spinner label="asking the helper for the ships" size={20} />
      ) : (
        'The ships are shown as soon as the helper is there.'
      )}
    </div>
  )
}

/** Selected ships that are shown: what a filter hides is not acted on. */
/** A ship that was removed is no longer selected. */
function withoutGone(selection: Selection, ships: ReadonlyMap<string, Ship>): Selection {
  if (selection === 'all' || [...selection].every((name) => ships.has(String(name)))) return selection
  return new Set([...selection].filter((name) => ships.has(String(name))))
}

function selectedShips(selection: Selection, shown: readonly Ship[]): readonly Ship[] {
  return selection === 'all' ? shown : shown.filter(({ name }) => selection.has(name))
}

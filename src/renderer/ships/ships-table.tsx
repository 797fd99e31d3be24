import { memo, useDeferredValue, useMemo, useRef, useState } from 'react'
import { TableBody, TableLayout, Virtualizer } from 'react-aria-components'
import type { Selection, SortDescriptor } from 'react-aria-components'
import type { Ship } from '../../../helper/api/ship.ts'
import { useConnection } from '../state/fleet.ts'
import { go } from '../state/location.ts'
import { useOpenIncidents } from '../state/query.ts'
import { useShipActions } from '../state/ship-actions.ts'
import { useSize } from '../state/use-size.ts'
import { cx } from '../ui/classes.ts'
import { Cell, Column, headerHeight, Row, Table, TableHeader } from '../ui/table.tsx'
import { IncidentsContext, ShipCell } from './cells.tsx'
import { columnsFor } from './columns.ts'
import type { ColumnDefinition } from './columns.ts'
import { OpenMenuContext, RowMenu } from './row-menu.tsx'
import type { OpenedMenu } from './row-menu.tsx'
import type { SortKey } from './ship-list.ts'
import styles from './ships-table.module.css'
import { makesSense, verbOf } from './table-keys.ts'
import { useView } from './view-state.ts'

/** px; a name and a command below it. */
const rowHeight = 44

interface Props {
  readonly ships: readonly Ship[]
  readonly selection: Selection
  readonly onSelectionChange: (selection: Selection) => void
  /** The selected ones that are shown. */
  readonly selected: readonly Ship[]
}

/** The list of ships. Only the rows in sight are drawn, and each cell follows its ship by itself. */
export function ShipsTable({ ships, selection, onSelectionChange, selected }: Props) {
  const [frame, size] = useSize<HTMLDivElement>()
  const names = useSameNames(ships)
  const [menu, setMenu] = useState<OpenedMenu | null>(null)
  const isAway = useConnection() !== 'connected'
  const doTo = useShipActions()
  const onKey = (event: React.KeyboardEvent): void => {
    const verb = verbOf(event)
    if (!verb || isAway) return
    const row = event.target instanceof Element && event.target.closest('[data-ship]')?.getAttribute('data-ship')
    const targets = selected.length > 0 ? selected : ships.filter(({ name }) => name === row)
    if (targets.length === 0) return
    event.preventDefault()
    event.stopPropagation()
    void doTo(
      verb,
      targets.filter(makesSense(verb)).map(({ name }) => name),
    )
  }
  return (
    <div ref={frame} className={cx(styles['frame'], isAway && styles['away'])} onKeyDownCapture={onKey}>
      <IncidentsContext value={useOpenIncidents()}>
        <OpenMenuContext value={setMenu}>
          {size && <Rows names={names} {...size} selection={selection} onSelectionChange={onSelectionChange} />}
        </OpenMenuContext>
      </IncidentsContext>
      {menu && <RowMenu {...menu} onClose={() => setMenu(null)} />}
    </div>
  )
}

interface RowsProps extends Pick<Props, 'selection' | 'onSelectionChange'> {
  readonly names: readonly string[]
  readonly width: number
  readonly height: number
}

/** Drawn again when rows come, go or move, not when a ship changes: each cell does that by itself. */
const Rows = memo(({ names, width, height, selection, onSelectionChange }: RowsProps) => {
  const [{ order }, changeView] = useView()
  const columns = useMemo(() => columnsFor(width), [width])
  const shown = useSomeFirst(names, height)
  const rows = useMemo(() => shown.map(rowOf), [shown])
  const sort: SortDescriptor = { column: order.by, direction: order.descending ? 'descending' : 'ascending' }
  return (
    <Virtualizer layout={TableLayout} layoutOptions={layoutOptions}>
      <Table
        aria-label="Ships"
        className={styles['table'] ?? ''}
        selectionMode="multiple"
        selectedKeys={selection}
        onSelectionChange={onSelectionChange}
        sortDescriptor={sort}
        onSortChange={({ column, direction }) =>
          changeView({ order: { by: column as SortKey, descending: direction === 'descending' } })
        }
        onRowAction={(name) => go(`/ships/${name}`)}
      >
        <TableHeader columns={columns}>{columnHead}</TableHeader>
        <TableBody items={rows} dependencies={[columns]}>
          {({ id }) => <ShipRow name={id} columns={columns} />}
        </TableBody>
      </Table>
    </Virtualizer>
  )
})

const layoutOptions = { rowHeight, headingHeight: headerHeight }

function columnHead({ id, title, width, isNumber }: ColumnDefinition) {
  return (
    <Column
      id={id}
      title={title}
      isNumber={isNumber}
      isRowHeader={id === 'name'}
      allowsSorting={id !== 'actions'}
      hideTitle={id === 'actions'}
      width={width}
      minWidth={typeof width === 'number' ? width : 120}
    />
  )
}

function ShipRow({ name, columns }: { readonly name: string; readonly columns: readonly ColumnDefinition[] }) {
  return (
    <Row id={name} textValue={name} data-ship={name}>
      {columns.map(({ id, isNumber }) => (
        <Cell key={id} isNumber={isNumber}>
          <ShipCell name={name} column={id} showCommand={!columns.some((column) => column.id === 'command')} />
        </Cell>
      ))}
    </Row>
  )
}

/** The names of the ships: the same array as long as they are the same in the same order, whatever else changed. */
function useSameNames(ships: readonly Ship[]): readonly string[] {
  const last = useRef<readonly string[]>([])
  const isSame = ships.length === last.current.length && ships.every(({ name }, index) => name === last.current[index])
  if (!isSame) last.current = ships.map(({ name }) => name)
  return last.current
}

/** Those that there is room for before all: the table takes its time for each row, also for one out of sight. */
function useSomeFirst(names: readonly string[], height: number): readonly string[] {
  const [first] = useState(() => names.slice(0, Math.ceil((height - headerHeight) / rowHeight)))
  return useDeferredValue(names, first)
}

/** The same object for the same ship each time, so that a row which only moves is not made anew. */
const knownRows = new Map<string, { readonly id: string }>()

function rowOf(name: string): { readonly id: string } {
  let row = knownRows.get(name)
  if (!row) knownRows.set(name, (row = { id: name }))
  return row
}

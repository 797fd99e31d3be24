import { Play, RotateCw, Square, Trash2, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import type { Ship, ShipStatus } from '../../../helper/api/ship.ts'
import { useConnection } from '../state/fleet.ts'
import { useShipActions } from '../state/ship-actions.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { StatusShape, statusWords } from '../ui/status-badge.tsx'
import { startable, stoppable } from './ship-list.ts'
import styles from './toolbar.module.css'
import { useView } from './view-state.ts'

interface Props {
  readonly counts: ReadonlyMap<ShipStatus, number>
  readonly total: number
  readonly selected: readonly Ship[]
  readonly onClear: () => void
}

/** Filters; and while ships are selected, what can be done to them. */
export function Toolbar({ counts, total, selected, onClear }: Props) {
  return (
    <div className={styles['toolbar']}>
      {selected.length > 0 ? (
        <SelectionActions selected={selected} onClear={onClear} />
      ) : (
        <Filters counts={counts} total={total} />
      )}
    </div>
  )
}

function Filters({ counts, total }: Pick<Props, 'counts' | 'total'>) {
  const [{ words, states }, change] = useView()
  const search = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focus = (): void => search.current?.focus()
    addEventListener('keelan:search', focus)
    return () => removeEventListener('keelan:search', focus)
  }, [])
  const shown = [...new Set([...counts.keys(), ...states])]
  return (
    <>
      <SearchField
        className={styles['search']}
        label="Filter by name or command"
        placeholder="Filter ships"
        value={words}
        onChange={(text) => change({ words: text })}
        inputRef={search}
      />
      <ToggleButtonGroup
        aria-label="Filter by state"
        className={styles['states'] ?? ''}
        selectionMode="multiple"
        selectedKeys={states.size === 0 ? ['all'] : states}
        onSelectionChange={(keys) => {
          const wasAll = states.size === 0
          change({
            states:
              !wasAll && keys.has('all')
                ? new Set()
                : new Set([...keys].filter((key) => key !== 'all') as ShipStatus[]),
          })
        }}
      >
        <ToggleButton id="all" className={styles['state'] ?? ''}>
          All <span className={styles['count']}>{total}</span>
        </ToggleButton>
        {shown.map((status) => (
          <ToggleButton key={status} id={status} className={styles['state'] ?? ''}>
            <StatusShape status={status} size={10} />
            {statusWords[status]} <span className={styles['count']}>{counts.get(status) ?? 0}</span>
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </>
  )
}

function SelectionActions({ selected, onClear }: Pick<Props, 'selected' | 'onClear'>) {
  const doTo = useShipActions()
  const isAway = useConnection() !== 'connected'
  const names = selected.map(({ name }) => name)
  const toStart = selected.filter(startable).map(({ name }) => name)
  const toStop = selected.filter(stoppable).map(({ name }) => name)
  return (
    <>
      <span className={styles['selected']} role="status">
        {selected.length === 1 ? names[0] : `${selected.length} ships`} selected
      </span>
      <Button
        icon={<Play size={14} />}
        isDisabled={isAway || toStart.length === 0}
        onPress={() => void doTo('start', toStart)}
      >
        Start
      </Button>
      <Button
        icon={<Square size={14} />}
        isDisabled={isAway || toStop.length === 0}
        onPress={() => void doTo('stop', toStop)}
      >
        Stop
      </Button>
      <Button icon={<RotateCw size={14} />} isDisabled={isAway} onPress={() => void doTo('restart', names)}>
        Restart
      </Button>
      <Button icon={<Trash2 size={14} />} isDisabled={isAway} onPress={() => void doTo('remove', names)}>
        Remove
      </Button>
      <IconButton label="Select none" icon={<X size={15} />} onPress={onClear} />
    </>
  )
}

import { Ellipsis, FileText, Play, RotateCw, ScrollText, Square, Trash2 } from 'lucide-react'
import { createContext, useContext, useRef } from 'react'
import type { Ship } from '../../../helper/api/ship.ts'
import { useConnection, useShip } from '../state/fleet.ts'
import { go } from '../state/location.ts'
import { useShipActions, useUnderWay } from '../state/ship-actions.ts'
import { MenuAt, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import styles from './row-menu.module.css'
import { startable, stoppable } from './ship-list.ts'

export interface OpenedMenu {
  readonly name: string
  readonly button: HTMLElement
}

/** Opens the menu of a row. There is one for the whole table: one for each row would make the table slow. */
export const OpenMenuContext = createContext<(menu: OpenedMenu) => void>(() => {})

/**
 * The likeliest thing to do to a ship as a button, all others in a menu. They are plain buttons: the library's would take a
 * fifth of the time in which the window opens.
 */
export function RowActions({ ship }: { readonly ship: Ship }) {
  const { name } = ship
  const doTo = useShipActions()
  const openMenu = useContext(OpenMenuContext)
  const more = useRef<HTMLButtonElement>(null)
  const isBusy = useUnderWay(name) !== undefined
  const isAway = useConnection() !== 'connected'
  const verb = stoppable(ship) ? 'stop' : 'start'
  return (
    <div className={styles['actions']} onPointerDown={keepFromRow} onClick={keepFromRow} onKeyDown={keepKeyFromRow}>
      <button
        type="button"
        className={styles['button']}
        aria-label={verb === 'stop' ? `Stop ${name}` : `Start ${name}`}
        disabled={isAway || isBusy}
        onClick={() => void doTo(verb, [name])}
      >
        {verb === 'stop' ? <Square size={14} /> : <Play size={14} />}
      </button>
      <button
        type="button"
        ref={more}
        className={styles['button']}
        aria-label={`More for ${name}`}
        aria-haspopup="menu"
        onClick={() => more.current && openMenu({ name, button: more.current })}
      >
        <Ellipsis size={15} />
      </button>
    </div>
  )
}

/** A press on a button is none on its row, which would open the ship. */
function keepFromRow(event: React.SyntheticEvent): void {
  event.stopPropagation()
}

function keepKeyFromRow(event: React.KeyboardEvent): void {
  if (event.key === 'Enter' || event.key === ' ') event.stopPropagation()
}

export function RowMenu({ name, button, onClose }: OpenedMenu & { readonly onClose: () => void }) {
  const ship = useShip(name)
  const doTo = useShipActions()
  const isAway = useConnection() !== 'connected'
  if (!ship) return null
  const disabled = [
    ...(isAway || !startable(ship) ? ['start'] : []),
    ...(isAway || !stoppable(ship) ? ['stop'] : []),
    ...(isAway ? ['restart', 'remove'] : []),
  ]
  return (
    <MenuAt
      button={button}
      label={`Actions for ${name}`}
      disabledKeys={disabled}
      onClose={onClose}
      onAction={(key) => {
        if (key === 'log' || key === 'definition') go(`/ships/${name}/${key}`)
        else if (key === 'start' || key === 'stop' || key === 'restart' || key === 'remove') void doTo(key, [name])
      }}
    >
      <MenuItem id="start" icon={<Play size={14} />} shortcut="Shift S">
        Start
      </MenuItem>
      <MenuItem id="stop" icon={<Square size={14} />} shortcut="Shift T">
        Stop
      </MenuItem>
      <MenuItem id="restart" icon={<RotateCw size={14} />} shortcut="Shift R">
        Restart
      </MenuItem>
      <MenuSeparator />
      <MenuItem id="log" icon={<ScrollText size={14} />} shortcut="Enter">
        Show log
      </MenuItem>
      <MenuItem id="definition" icon={<FileText size={14} />}>
        Show definition
      </MenuItem>
      <MenuSeparator />
      <MenuItem id="remove" icon={<Trash2 size={14} />} shortcut="Delete" danger>
        Remove
      </MenuItem>
    </MenuAt>
  )
}

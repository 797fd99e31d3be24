import { useMemo, useState } from 'react'
import type { Settings } from '../../../helper/api/settings.ts'
import { useChangeSettings } from '../state/change-settings.ts'
import { useShips } from '../state/fleet.ts'
import { listed } from '../ships/ship-list.ts'
import { SearchField } from '../ui/search-field.tsx'
import { Switch } from '../ui/switch.tsx'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'

/** Switches that are shown at a time; a filter finds the others. */
const shownShips = 60
const byName = { by: 'name', descending: false } as const

/** A switch for each ship: whether its failures are told. */
export function MutedShips({ settings, isAway }: { readonly settings: Settings; readonly isAway: boolean }) {
  const { saving, change } = useChangeSettings()
  const ships = useShips()
  const [words, setWords] = useState('')
  const found = useMemo(
    () => listed(ships.values(), new Map(), { words, states: new Set() }, byName).map(({ name }) => name),
    [ships, words],
  )
  if (ships.size === 0) return null
  const muted = new Set(settings.mutedShips)
  const mutedCount = settings.mutedShips.filter((name) => ships.has(name)).length
  const set = (name: string, tell: boolean): void => {
    if (tell) muted.delete(name)
    else muted.add(name)
    change({ mutedShips: [...muted] })
  }
  const left = found.length - shownShips
  return (
    <Setting
      id="ships"
      title="Ships that I am told of"
      text={mutedCount === 0 ? 'All of them.' : `All but ${mutedCount} of ${ships.size}.`}
      saving={saving}
    >
      <div className={styles['ships']}>
        {ships.size > 12 && (
          <SearchField label="Find a ship" placeholder="Find a ship" value={words} onChange={setWords} />
        )}
        <div className={styles['shipList']} role="group" aria-labelledby="ships" tabIndex={isAway ? 0 : undefined}>
          {found.slice(0, shownShips).map((name) => (
            <Switch
              key={name}
              isSelected={!muted.has(name)}
              isDisabled={isAway || !settings.notifications}
              onChange={(tell) => set(name, tell)}
            >
              <span className={styles['shipName']}>{name}</span>
            </Switch>
          ))}
        </div>
        {left > 0 && <p className={styles['more']}>{left} more: type a part of their name.</p>}
        {found.length === 0 && <p className={styles['more']}>No ship has that in its name.</p>}
      </div>
    </Setting>
  )
}

import { lazy, Suspense } from 'react'
import type { Ship } from '../../../helper/api/ship.ts'
import { LogView } from '../log/log-view.tsx'
import { useConnection, useShip } from '../state/fleet.ts'
import { go } from '../state/location.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/classes.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from '../ui/page.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { BackToShips } from './back-to-ships.tsx'
import { EventsTab } from './events-tab.tsx'
import { RunsTab } from './runs-tab.tsx'
import { ShipActions } from './ship-actions.tsx'
import { ShipBanners } from './ship-banners.tsx'
import { ShipFacts } from './ship-facts.tsx'
import styles from './ship-page.module.css'

const DefinitionTab = lazy(async () => ({ default: (await import('./definition-tab.tsx')).DefinitionTab }))

const tabs = [
  { id: 'log', title: 'Log' },
  { id: 'runs', title: 'Runs' },
  { id: 'events', title: 'Events' },
  { id: 'definition', title: 'Definition' },
] as const

/** One ship: how it is, what can be done with it, its log, runs, events and definition. */
export function ShipPage({ name, tab }: { readonly name: string; readonly tab: string | undefined }) {
  const ship = useShip(name)
  const connection = useConnection()
  if (ship) return <KnownShip ship={ship} tab={tabs.find(({ id }) => id === tab)?.id ?? 'log'} />
  return (
    <Page title={name} back={<BackToShips />}>
      {connection !== 'connected' ? (
        <div className={styles['waiting']}>
          <Spinner label="Waiting for the helper" size={20} />
        </div>
      ) : (
        <EmptyState
          title={`There is no ship called ${name}`}
          actions={
            <>
              <Button onPress={() => go('/ships')}>Show all ships</Button>
              <Button variant="primary" onPress={() => go(`/deploy?name=${encodeURIComponent(name)}`)}>
                Deploy {name}
              </Button>
            </>
          }
        >
          It was removed, or never was.
        </EmptyState>
      )}
    </Page>
  )
}

function KnownShip({ ship, tab }: { readonly ship: Ship; readonly tab: (typeof tabs)[number]['id'] }) {
  const { name } = ship
  const isAway = useConnection() === 'away'
  return (
    <Page
      title={name}
      back={<BackToShips />}
      aside={
        <span className={cx(styles['badge'], isAway && styles['away'])}>
          <StatusBadge ship={ship} />
        </span>
      }
      actions={<ShipActions ship={ship} />}
    >
      <ShipFacts ship={ship} />
      <ShipBanners ship={ship} />
      <Tabs
        label={`About ${name}`}
        className={styles['tabs']!}
        tabs={tabs}
        selected={tab}
        onSelect={(id) => go(`/ships/${encodeURIComponent(name)}/${id}`)}
      >
        {tab === 'log' && <LogView name={name} />}
        {tab === 'runs' && <RunsTab name={name} />}
        {tab === 'events' && <EventsTab name={name} />}
        {tab === 'definition' && (
          <Suspense fallback={null}>
            <DefinitionTab ship={ship} />
          </Suspense>
        )}
      </Tabs>
    </Page>
  )
}

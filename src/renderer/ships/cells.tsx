import { CircleAlert } from 'lucide-react'
import { createContext, useContext } from 'react'
import { VisuallyHidden } from 'react-aria-components'
import type { Incident } from '../../../helper/api/incidents.ts'
import type { Ship } from '../../../helper/api/ship.ts'
import { useShip, useUsage } from '../state/fleet.ts'
import { useKnownNow } from '../state/known-now.ts'
import { useUnderWay } from '../state/ship-actions.ts'
import { Spinner } from '../ui/spinner.tsx'
import { StatusShape } from '../ui/status-badge.tsx'
import { localTime, sizeInWords } from '../ui/words.ts'
import { exitWords, percentInWords, stateWords, uptimeWords } from './cell-words.ts'
import styles from './cells.module.css'
import type { ColumnDefinition } from './columns.ts'
import { RowActions } from './row-menu.tsx'

/** Incidents that last, by ship. */
export const IncidentsContext = createContext<ReadonlyMap<string, Incident>>(new Map())

interface Props {
  readonly name: string
  readonly column: ColumnDefinition['id']
  /** Below the name, where the command has no column of its own. */
  readonly showCommand: boolean
}

/** One cell of the list; it follows its ship by itself. */
export function ShipCell({ name, column, showCommand }: Props) {
  const ship = useShip(name)
  if (!ship) return null
  switch (column) {
    case 'name':
      return <NameCell ship={ship} showCommand={showCommand} />
    case 'status':
      return <StatusCell ship={ship} />
    case 'health':
      return ship.health === null || ship.health === 'unknown' ? (
        <Nothing why={ship.health === null ? 'does not run' : 'unknown, it has no health check'} />
      ) : ship.health === 'healthy' ? (
        'Healthy'
      ) : (
        <strong className={styles['bad']}>Unhealthy</strong>
      )
    case 'uptime':
      return <UptimeCell ship={ship} />
    case 'restarts':
      return <span className={ship.restarts === 0 ? styles['muted'] : undefined}>{ship.restarts}</span>
    case 'cpu':
    case 'memory':
      return <UsageCell name={name} what={column} />
    case 'exit':
      return <ExitCell ship={ship} />
    case 'command':
      return <Command text={ship.command} />
    case 'actions':
      return <RowActions ship={ship} />
  }
}

function NameCell({ ship, showCommand }: { readonly ship: Ship; readonly showCommand: boolean }) {
  return (
    <div className={styles['name']}>
      <div className={styles['line']}>
        <a href={`#/ships/${ship.name}`} className={styles['link']} tabIndex={-1}>
          {ship.name}
        </a>
        <IncidentMark name={ship.name} />
      </div>
      <div className={styles['line']}>
        {ship.definitionChanged && <span className={styles['changed']}>Changed, restart to apply</span>}
        {showCommand && !ship.definitionChanged && <Command text={ship.command} />}
      </div>
    </div>
  )
}

function IncidentMark({ name }: { readonly name: string }) {
  const incident = useContext(IncidentsContext).get(name)
  if (!incident) return null
  const times = incident.failures === 1 ? '' : `, failed ${incident.failures} times`
  const words = `Open incident since ${localTime(incident.openedAt)}: ${incident.lastReason}${times}`
  return (
    <span className={styles['incident']} title={words}>
      <CircleAlert size={14} aria-hidden="true" />
      <VisuallyHidden>{words}</VisuallyHidden>
    </span>
  )
}

function StatusCell({ ship }: { readonly ship: Ship }) {
  const verb = useUnderWay(ship.name)
  return verb ? (
    <span className={styles['status']}>
      <Spinner label="" size={12} />
      {{ start: 'Starting…', stop: 'Stopping…', restart: 'Restarting…', remove: 'Removing…' }[verb]}
    </span>
  ) : (
    <span className={styles['status']} title={ship.reason ?? undefined}>
      <StatusShape status={ship.status} />
      <span className={styles['text']}>
        {ship.status === 'backoff' ? <BackoffWords ship={ship} /> : stateWords(ship, 0)}
      </span>
    </span>
  )
}

function BackoffWords({ ship }: { readonly ship: Ship }) {
  return stateWords(ship, useKnownNow())
}

function UptimeCell({ ship }: { readonly ship: Ship }) {
  if (ship.startedAt === null) return <Nothing why="does not run" />
  return <Ticking ship={ship} />
}

function Ticking({ ship }: { readonly ship: Ship }) {
  return <span title={`since ${localTime(ship.startedAt ?? '')}`}>{uptimeWords(ship, useKnownNow())}</span>
}

function UsageCell({ name, what }: { readonly name: string; readonly what: 'cpu' | 'memory' }) {
  const usage = useUsage(name)
  if (!usage) return <Nothing why="not measured" />
  return what === 'cpu' ? percentInWords(usage.cpuPercent) : sizeInWords(usage.memoryBytes)
}

function ExitCell({ ship }: { readonly ship: Ship }) {
  const words = exitWords(ship)
  if (!words) return <Nothing why="none yet" />
  return (
    <span className={words.short === '0' ? styles['muted'] : undefined} title={words.full}>
      <span aria-hidden="true">{words.short}</span>
      <VisuallyHidden>{words.full}</VisuallyHidden>
    </span>
  )
}

function Command({ text }: { readonly text: string }) {
  return (
    <code className={styles['command']} title={text}>
      {text}
    </code>
  )
}

function Nothing({ why }: { readonly why: string }) {
  return (
    <span className={styles['muted']} title={why}>
      <span aria-hidden="true">–</span>
      <VisuallyHidden>{why}</VisuallyHidden>
    </span>
  )
}

import type { ReactNode } from 'react'
import type { Ship } from '../../../helper/api/ship.ts'
import { useConnection, useUsage } from '../state/fleet.ts'
import { useKnownNow } from '../state/known-now.ts'
import { percentInWords, uptimeWords } from '../ships/cell-words.ts'
import { localTime, sizeInWords } from '../ui/words.ts'
import { healthInWords, lastExitInWords } from './ship-words.ts'
import { cx } from '../ui/classes.ts'
import styles from './ship-page.module.css'

/** What there is to know of a ship at a glance. */
export function ShipFacts({ ship }: { readonly ship: Ship }) {
  const now = useKnownNow()
  const isAway = useConnection() === 'away'
  const measured = useUsage(ship.name)
  const usage = ship.pid === null ? undefined : measured
  return (
    <dl className={cx(styles['facts'], isAway && styles['away'])} aria-label={`${ship.name} at a glance`}>
      <Fact term="Uptime" title={ship.startedAt && `since ${localTime(ship.startedAt)}`}>
        {uptimeWords(ship, now) || null}
      </Fact>
      <Fact term="Health">{healthInWords(ship)}</Fact>
      <Fact term="Process">{ship.pid}</Fact>
      <Fact term="Restarts">{ship.restarts}</Fact>
      <Fact term="CPU" title="of one core">
        {usage && percentInWords(usage.cpuPercent)}
      </Fact>
      <Fact term="Memory">{usage && sizeInWords(usage.memoryBytes)}</Fact>
      <Fact term="Last exit" title={ship.stoppedAt && localTime(ship.stoppedAt)}>
        {lastExitInWords(ship, now)}
      </Fact>
      <Fact term="Command" wide title={ship.command}>
        <code>{ship.command}</code>
      </Fact>
    </dl>
  )
}

interface FactProps {
  readonly term: string
  readonly title?: string | null
  readonly wide?: boolean
  readonly children: ReactNode
}

function Fact({ term, title, wide = false, children }: FactProps) {
  const isThere = children !== null && children !== undefined && children !== false
  return (
    <div className={styles[wide ? 'wideFact' : 'fact']}>
      <dt>{term}</dt>
      <dd title={title ?? undefined}>{isThere ? children : <span aria-label="none">–</span>}</dd>
    </div>
  )
}

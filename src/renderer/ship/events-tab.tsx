import { useState } from 'react'
import type { KeelanEvent } from '../../../helper/api/events.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/classes.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { localClock, localDay } from '../ui/words.ts'
import { EventMark } from './event-mark.tsx'
import { NotRead } from '../shell/not-read.tsx'
import styles from './tables.module.css'
import { mostEvents, useShipEvents } from './use-ship-events.ts'

const firstEvents = 100

/** What happened to a ship, newest first, under its days; incidents are marked. */
export function EventsTab({ name }: { readonly name: string }) {
  const [last, setLast] = useState(firstEvents)
  const { events, isComplete, isLoading, error, refetch } = useShipEvents(name, last)
  if (!events) return <NotRead error={error} retry={refetch} />
  if (events.length === 0)
    return <EmptyState title="Nothing has happened yet">Starts, ends and changes are listed here.</EmptyState>
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label={`Events of ${name}`}>
      {[...byDay(events)].map(([day, ofDay]) => (
        <section key={day} className={styles['day']}>
          <h2>{day}</h2>
          <ol>
            {ofDay.map((event) => (
              <EventRow key={event.seq} event={event} />
            ))}
          </ol>
        </section>
      ))}
      {!isComplete && last < mostEvents && (
        <div className={styles['more']}>
          <Button isPending={isLoading} onPress={() => setLast(Math.min(last * 4, mostEvents))}>
            Show older events
          </Button>
        </div>
      )}
    </div>
  )
}

function EventRow({ event: { time, type, message } }: { readonly event: KeelanEvent }) {
  const isIncident = type === 'incident.opened' || type === 'incident.closed'
  return (
    <li className={cx(styles['event'], isIncident && styles[type === 'incident.opened' ? 'opened' : 'closed'])}>
      <time dateTime={time} className={styles['time']}>
        {localClock(time)}
      </time>
      <span className={styles['mark']}>
        <EventMark type={type} />
      </span>
      <span className={styles['words']}>{message}</span>
    </li>
  )
}

function byDay(events: readonly KeelanEvent[]): Map<string, KeelanEvent[]> {
  const days = new Map<string, KeelanEvent[]>()
  for (const event of events) {
    const day = localDay(event.time)
    const ofDay = days.get(day)
    if (ofDay) ofDay.push(event)
    else days.set(day, [event])
  }
  return days
}

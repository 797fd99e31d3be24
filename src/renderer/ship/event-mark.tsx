import { CircleAlert, CircleCheck, Clock, LogOut, Pencil, Play, Plus, Square, TriangleAlert } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { KeelanEvent } from '../../../helper/api/events.ts'
import { cx } from '../ui/classes.ts'
import styles from './tables.module.css'

type Tone = 'ok' | 'warn' | 'bad'

/** What needs no telling apart at a glance has none. */
const marks: Partial<Record<KeelanEvent['type'], readonly [LucideIcon, Tone?]>> = {
  'ship.deployed': [Plus],
  'ship.updated': [Pencil],
  'ship.running': [Play, 'ok'],
  'ship.exited': [LogOut],
  'ship.backoff': [Clock, 'warn'],
  'ship.stopped': [Square],
  'ship.failed': [TriangleAlert, 'bad'],
  'ship.shim-lost': [TriangleAlert, 'warn'],
}

/** The kind of an event as a picture. Its message says it in words; only that an incident begins or ends is said here. */
export function EventMark({ type }: Pick<KeelanEvent, 'type'>) {
  if (type === 'incident.opened')
    return <CircleAlert size={14} className={styles['bad']} role="img" aria-label="Incident begins" />
  if (type === 'incident.closed')
    return <CircleCheck size={14} className={styles['ok']} role="img" aria-label="Incident is over" />
  const [Icon, tone] = marks[type] ?? []
  return Icon ? <Icon size={13} className={cx(tone && styles[tone])} aria-hidden="true" /> : null
}

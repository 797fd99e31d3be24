import type { ReactNode } from 'react'
import type { Ship, ShipStatus } from '../../../helper/api/ship.ts'
import type { Tone } from './badge.tsx'
import { cx } from './classes.ts'
import styles from './status-badge.module.css'

/** The word a person reads for a state. */
export const statusWords: Readonly<Record<ShipStatus, string>> = {
  running: 'Running',
  starting: 'Starting',
  stopping: 'Stopping',
  backoff: 'Waiting',
  failed: 'Failed',
  stopped: 'Stopped',
}

const tones: Readonly<Record<ShipStatus, Tone>> = {
  running: 'ok',
  starting: 'busy',
  stopping: 'busy',
  backoff: 'warn',
  failed: 'bad',
  stopped: 'idle',
}

/** A shape of its own for each state, so that it can be told without its colour. */
const shapes: Readonly<Record<ShipStatus, ReactNode>> = {
  running: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  starting: (
    <>
      <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 1.5a4.5 4.5 0 0 1 0 9z" fill="currentColor" />
    </>
  ),
  stopping: (
    <>
      <rect x="1.75" y="1.75" width="8.5" height="8.5" rx="1.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <rect x="4" y="4" width="4" height="4" fill="currentColor" />
    </>
  ),
  backoff: (
    <>
      <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 3.2V6l2 1.4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  failed: <path d="M6 .6 11.6 10.9H.4z" fill="currentColor" />,
  stopped: (
    <rect x="1.75" y="1.75" width="8.5" height="8.5" rx="1.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
  ),
}

/** The shape of a state alone; where no word stands beside it, say the word otherwise. */
export function StatusShape({ status, size = 12 }: { readonly status: ShipStatus; readonly size?: number }) {
  return (
    <svg
      className={cx(styles['shape'], styles[tones[status]])}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
    >
      {shapes[status]}
    </svg>
  )
}

/** A ship's state by shape and word, its health where it runs, and why it is so on hover. */
export function StatusBadge({ ship }: { readonly ship: Pick<Ship, 'status' | 'health' | 'reason'> }) {
  const { status, health } = ship
  const word = status === 'running' && health === 'unhealthy' ? 'Running, unhealthy' : statusWords[status]
  return (
    <span className={styles['status']} title={ship.reason ?? undefined}>
      <StatusShape status={status} />
      <span className={styles['word']}>{word}</span>
    </span>
  )
}

import type { ReactNode } from 'react'
import styles from './badge.module.css'
import { cx } from './classes.ts'

export type Tone = 'ok' | 'busy' | 'warn' | 'bad' | 'idle'

/** A word or two in a coloured box; the colour says nothing that the words do not. */
export function Badge({
  tone = 'idle',
  icon,
  children,
}: {
  readonly tone?: Tone
  readonly icon?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <span className={cx(styles['badge'], styles[tone])}>
      {icon}
      {children}
    </span>
  )
}

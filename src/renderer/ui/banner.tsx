import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './banner.module.css'
import { cx } from './classes.ts'

interface Props {
  readonly tone?: 'busy' | 'warn' | 'bad'
  readonly title?: ReactNode
  readonly children?: ReactNode
  readonly actions?: ReactNode
}

const icons = { busy: Info, warn: TriangleAlert, bad: CircleAlert }

/** Something that matters to the whole page, read out when it appears. */
export function Banner({ tone = 'warn', title, children, actions }: Props) {
  const Icon = icons[tone]
  return (
    <div className={cx(styles['banner'], styles[tone])} role="status">
      <Icon className={styles['icon']} size={16} aria-hidden="true" />
      <div className={styles['text']}>
        {title !== undefined && <strong>{title} </strong>}
        {children}
      </div>
      {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
    </div>
  )
}

import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { cx } from './classes.ts'
import styles from './page.module.css'

interface Props {
  /** Title of the window too. */
  readonly title: string
  /** In front of the title: the way back. */
  readonly back?: ReactNode
  /** Behind the title: a badge or a few words. */
  readonly aside?: ReactNode
  readonly actions?: ReactNode
  /** The page scrolls as a whole; else its parts do. */
  readonly scrolls?: boolean
  readonly children: ReactNode
}

let shownBefore = false

/** A page: its head with title and actions, and what it shows. Its title takes the focus when the page is gone to. */
export function Page({ title, back, aside, actions, scrolls = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} - Keelan`
  }, [title])
  useEffect(() => {
    if (shownBefore) heading.current?.focus()
    shownBefore = true
  }, [])
  return (
    <div className={styles['page']}>
      <header className={styles['head']}>
        {back}
        <h1 ref={heading} tabIndex={-1} className={styles['title']}>
          {title}
        </h1>
        {aside !== undefined && <div className={styles['aside']}>{aside}</div>}
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </header>
      <div className={cx(styles['body'], scrolls && styles['scrolls'])}>{children}</div>
    </div>
  )
}

import { Link } from 'wouter'
import { useConnection } from '../state/fleet.ts'
import { useHelperState } from '../state/helper-state.ts'
import { cx } from '../ui/classes.ts'
import { helperWords } from './helper-words.ts'
import styles from './sidebar.module.css'

/** How the helper is, in a word; leads to its page. */
export function HelperStatus() {
  const words = helperWords(useConnection(), useHelperState())
  return (
    <Link to="/helper" className={styles['helper']} title={words.text} aria-label={words.title}>
      <span className={cx(styles['dot'], styles[words.tone])} aria-hidden="true" />
      <span className={styles['word']} role="status">
        {words.title}
      </span>
    </Link>
  )
}

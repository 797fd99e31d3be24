import { ArrowLeft } from 'lucide-react'
import { Link } from 'wouter'
import styles from './ship-page.module.css'

/** The way back to all ships, in front of a page's title. */
export function BackToShips() {
  return (
    <Link href="/ships" className={styles['back'] ?? ''} aria-label="All ships" title="All ships">
      <ArrowLeft size={16} aria-hidden="true" />
    </Link>
  )
}

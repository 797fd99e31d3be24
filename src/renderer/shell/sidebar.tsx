import { Anchor, Ship, SlidersHorizontal } from 'lucide-react'
import type { ComponentType } from 'react'
import { Link, useRoute } from 'wouter'
import { cx } from '../ui/classes.ts'
import { HelperStatus } from './helper-status.tsx'
import { Logo } from './logo.tsx'
import styles from './sidebar.module.css'

/** The way to all pages, and at its foot how the helper is. */
export function Sidebar() {
  return (
    <nav className={styles['sidebar']} aria-label="Keelan">
      <div className={styles['brand']}>
        <Logo />
        <span className={styles['word']}>Keelan</span>
      </div>
      <ul className={styles['links']}>
        <Item to="/ships" pattern={/^\/(ships|deploy)/} icon={Ship} title="Ships" />
        <Item to="/helper" pattern={/^\/helper/} icon={Anchor} title="Helper" />
        <Item to="/settings" pattern={/^\/settings/} icon={SlidersHorizontal} title="Settings" />
      </ul>
      <HelperStatus />
    </nav>
  )
}

interface ItemProps {
  readonly to: string
  readonly pattern: RegExp
  readonly icon: ComponentType<{ size: number; 'aria-hidden': true }>
  readonly title: string
}

function Item({ to, pattern, icon: Icon, title }: ItemProps) {
  const [isHere] = useRoute(pattern)
  return (
    <li>
      <Link
        to={to}
        className={cx(styles['link'], isHere && styles['here'])}
        aria-current={isHere ? 'page' : undefined}
        aria-label={title}
      >
        <Icon size={16} aria-hidden={true} />
        <span className={styles['word']}>{title}</span>
      </Link>
    </li>
  )
}

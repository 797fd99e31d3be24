import type { ReactNode } from 'react'
import {
  Tab as AriaTab,
  TabList as AriaTabList,
  TabPanel as AriaTabPanel,
  Tabs as AriaTabs,
} from 'react-aria-components'
import { cx } from './classes.ts'
import styles from './tabs.module.css'

interface Props {
  readonly label: string
  readonly tabs: readonly { readonly id: string; readonly title: string; readonly count?: number | undefined }[]
  readonly selected: string
  readonly onSelect: (id: string) => void
  /** What the selected tab shows. */
  readonly children: ReactNode
  readonly className?: string
}

/** Tabs of which one is shown; arrow keys move between them. */
export function Tabs({ label, tabs, selected, onSelect, children, className }: Props) {
  return (
    <AriaTabs
      className={cx(styles['tabs'], className)}
      selectedKey={selected}
      onSelectionChange={(key) => onSelect(String(key))}
      keyboardActivation="manual"
    >
      <AriaTabList aria-label={label} className={styles['list'] ?? ''}>
        {tabs.map(({ id, title, count }) => (
          <AriaTab key={id} id={id} className={styles['tab'] ?? ''}>
            {title}
            {count !== undefined && <span className={styles['count']}>{count}</span>}
          </AriaTab>
        ))}
      </AriaTabList>
      <AriaTabPanel key={selected} id={selected} className={styles['panel'] ?? ''}>
        {children}
      </AriaTabPanel>
    </AriaTabs>
  )
}

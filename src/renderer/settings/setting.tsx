import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Saving } from '../state/change-settings.ts'
import { Spinner } from '../ui/spinner.tsx'
import styles from './settings.module.css'

/** Settings that belong together. */
export function SettingGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles['group']}>
      <h2 className={styles['groupTitle']}>{title}</h2>
      <div className={styles['card']}>{children}</div>
    </section>
  )
}

interface Props {
  /** Id of the title, for the control's `aria-labelledby`. */
  readonly id: string
  readonly title: string
  readonly text?: ReactNode
  readonly saving?: Saving
  readonly control?: ReactNode
  /** Below, over the whole width. */
  readonly children?: ReactNode
}

/** One setting: what it is, its control, and how saving it went. */
export function Setting({ id, title, text, saving = 'no', control, children }: Props) {
  return (
    <div className={styles['setting']}>
      <div className={styles['row']}>
        <div className={styles['what']}>
          <h3 id={id} className={styles['title']}>
            {title}
          </h3>
          {text !== undefined && <div className={styles['text']}>{text}</div>}
        </div>
        <span className={styles['saving']} role="status">
          {saving === 'saving' && <Spinner label="saving" />}
          {saving === 'saved' && (
            <>
              <Check size={14} aria-hidden="true" /> Saved
            </>
          )}
        </span>
        {control}
      </div>
      {children}
    </div>
  )
}

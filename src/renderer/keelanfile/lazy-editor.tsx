import { lazy, Suspense } from 'react'
import type { ComponentProps } from 'react'
import { Spinner } from '../ui/spinner.tsx'
import styles from './keelanfile-editor.module.css'

// Most windows never show it, and it is larger than the rest of the pages.
const Editor = lazy(async () => ({ default: (await import('./keelanfile-editor.tsx')).KeelanfileEditor }))

/** The editor, loaded when it is first shown. */
export function LazyEditor(props: ComponentProps<typeof Editor>) {
  const waiting = (
    <div className={styles['waiting']}>
      <Spinner label="The editor is being loaded" />
    </div>
  )
  return (
    <Suspense fallback={waiting}>
      <Editor {...props} />
    </Suspense>
  )
}

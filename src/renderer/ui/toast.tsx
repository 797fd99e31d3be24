import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import {
  Button,
  Text,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components'
import { cx } from './classes.ts'
import { Spinner } from './spinner.tsx'
import styles from './toast.module.css'

export interface ToastWords {
  readonly kind: 'busy' | 'done' | 'failed'
  readonly title: string
  /** More lines: what went wrong, and the way out. */
  readonly details?: readonly string[]
}

const toasts = new ToastQueue<ToastWords>({ maxVisibleToasts: 4 })
const shownMs = 5_000

/** Tells the person something in the corner of the window; what failed stays until it is closed. Returns the way to take it away. */
export function toast(words: ToastWords): () => void {
  const key = toasts.add(words, words.kind === 'done' ? { timeout: shownMs } : {})
  return () => toasts.close(key)
}

/** Where toasts appear; once, beside the pages. */
export function Toasts() {
  const areThere = useSyncExternalStore(subscribe, () => toasts.visibleToasts.length > 0)
  // F6 finds only a region that was there, with a message in it, when it was made.
  if (!areThere) return null
  return (
    <ToastRegion queue={toasts} aria-label="Messages" className={styles['region'] ?? ''}>
      {({ toast: shown }) => (
        <AriaToast toast={shown} className={cx(styles['toast'], styles[shown.content.kind])}>
          <span className={styles['icon']} aria-hidden="true">
            {shown.content.kind === 'busy' && <Spinner label="" size={16} />}
            {shown.content.kind === 'done' && <CircleCheck size={16} />}
            {shown.content.kind === 'failed' && <CircleAlert size={16} />}
          </span>
          <ToastContent className={styles['content'] ?? ''}>
            <Text slot="title" className={styles['title'] ?? ''}>
              {shown.content.title}
            </Text>
            {shown.content.details && (
              <Text slot="description" className={styles['details'] ?? ''}>
                {shown.content.details.join('\n')}
              </Text>
            )}
          </ToastContent>
          {shown.content.kind !== 'busy' && (
            <Button slot="close" aria-label="Close the message" className={styles['close'] ?? ''}>
              <X size={14} />
            </Button>
          )}
        </AriaToast>
      )}
    </ToastRegion>
  )
}

const subscribe = (changed: () => void): (() => void) => toasts.subscribe(changed)

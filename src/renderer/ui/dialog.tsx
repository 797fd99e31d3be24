import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { cx } from './classes.ts'
import styles from './dialog.module.css'

interface Props {
  readonly title: string
  readonly isOpen: boolean
  readonly onOpenChange: (isOpen: boolean) => void
  /** `alertdialog`: it asks before something is done, and is closed by its buttons or Escape only. */
  readonly role?: 'dialog' | 'alertdialog'
  readonly wide?: boolean
  readonly children: ReactNode
  /** Buttons, the one that does it last. */
  readonly actions: ReactNode
}

/** A dialog over the page; Escape closes it, and what had the focus before gets it back. */
export function Dialog({ title, isOpen, onOpenChange, role = 'dialog', wide, children, actions }: Props) {
  return (
    <ModalOverlay
      className={styles['overlay'] ?? ''}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable={role === 'dialog'}
    >
      <Modal className={cx(styles['modal'], wide && styles['wide'])}>
        <AriaDialog className={styles['dialog'] ?? ''} role={role}>
          <Heading slot="title" className={styles['title'] ?? ''}>
            {title}
          </Heading>
          {/* What does not fit is scrolled by keyboard too. A question is short, and its first stop is a button. */}
          <div
            className={styles['body']}
            {...(role === 'dialog' && { tabIndex: 0, role: 'group', 'aria-label': title })}
          >
            {children}
          </div>
          <div className={styles['actions']}>{actions}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

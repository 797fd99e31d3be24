import { Notification } from 'electron'
import { bodyFor } from './notification-text.ts'

export interface Shown {
  readonly title: string
  readonly body: string
  readonly icon: string
  readonly urgency: 'normal' | 'critical'
  clicked(): void
  shown?(): void
  failed?(fault: string): void
}

/** More than a person looks back at; clicks on older ones do nothing. */
const mostKept = 100

/** Those that can still be clicked: without a reference a notification loses its listeners to the garbage collector. */
const kept: Notification[] = []

/** Shows a notification on the desktop. */
export function showNotification({ title, body, icon, urgency, clicked, shown, failed }: Shown): void {
  const notification = new Notification({ title, body: bodyFor(process.platform, body), icon, urgency })
  const forget = () => {
    const index = kept.indexOf(notification)
    if (index !== -1) kept.splice(index, 1)
  }
  notification.on('click', () => {
    clicked()
    // Some servers leave it on the screen.
    notification.close()
    forget()
  })
  notification.on('close', forget)
  notification.on('show', () => shown?.())
  notification.on('failed', (_, fault) => {
    forget()
    failed?.(fault)
  })
  kept.push(notification)
  if (kept.length > mostKept) kept.shift()
  notification.show()
}

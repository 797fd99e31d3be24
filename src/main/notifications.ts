import { Notification } from 'electron'
import { bodyFor } from './notification-text.ts'
import { askBus } from './session-bus.ts'

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

/** They come in the order in which they were asked for. */
let last: Promise<void> = Promise.resolve()

/** Shows a notification on the desktop. */
export function showNotification(shown: Shown): void {
  last = last.then(async () => {
    if (!(await serverAnswers())) return shown.failed?.('nothing that shows notifications answers on this desktop')
    try {
      show(shown)
    } catch (error) {
      shown.failed?.(String(error))
    }
  })
}

/**
 * On Linux the server's answer is waited for with everything standing still, for up to 25 s (libnotify's way, and so
 * Electron's): a server that hangs is given nothing.
 */
async function serverAnswers(): Promise<boolean> {
  if (process.platform !== 'linux') return true
  const name = 'org.freedesktop.Notifications'
  return (await askBus(name, '/org/freedesktop/Notifications', `${name}.GetServerInformation`)) !== ''
}

function show({ title, body, icon, urgency, clicked, shown, failed }: Shown): void {
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

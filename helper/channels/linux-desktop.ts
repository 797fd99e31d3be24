import type { Notification } from '../api/incidents.ts'
import type { Channel } from './channel.ts'
import { desktopApp, startApp } from './app-starter.ts'
import { busAddresses, SessionBus, type Target } from './session-bus.ts'

/** https://specifications.freedesktop.org/notification-spec/latest/ */
const server: Target = {
  destination: 'org.freedesktop.Notifications',
  path: '/org/freedesktop/Notifications',
  interface: 'org.freedesktop.Notifications',
}
/** Levels of urgency; what is critical stays until the person has seen it. */
const normal = 1
const critical = 2
/** How long a click is waited for, in ms; servers that keep a list may show it longer. */
const clickableMs = 30 * 60_000
/** -1: the desktop decides how long it is shown. */
const asTheDesktopLikes = -1

export interface DesktopParts {
  /** `run/desktop-app.json` in the base directory: how the app is started that a click opens. */
  readonly appFile: string
  readonly log: (level: 'info' | 'warn', text: string) => void
  readonly env?: NodeJS.ProcessEnv
}

/** The notifications of a Linux desktop. Connected only while something is told, or a click may come. */
export class LinuxDesktop implements Channel {
  readonly #parts: DesktopParts
  #bus: SessionBus | null = null
  /** What is shown: the place that a click opens, and the time after which none is waited for. */
  readonly #shown = new Map<number, { place: string; timer: NodeJS.Timeout }>()

  constructor(parts: DesktopParts) {
    this.#parts = parts
  }

  async tell(notification: Notification): Promise<void> {
    const errors: unknown[] = []
    if (this.#bus)
      try {
        return await this.#show(this.#bus, notification)
      } catch (error) {
        errors.push(error)
        this.close()
      }
    const { env = process.env, appFile } = this.#parts
    for (const address of busAddresses(env, desktopApp(appFile)?.env ?? {}, process.getuid?.()))
      try {
        this.#bus = await SessionBus.connect(address, (member, body) => this.#onSignal(member, body))
        return await this.#show(this.#bus, notification)
      } catch (error) {
        errors.push(error)
        this.close()
      }
    throw errors.at(-1) ?? new Error('there is no session bus')
  }

  close(): void {
    for (const { timer } of this.#shown.values()) clearTimeout(timer)
    this.#shown.clear()
    this.#bus?.close()
    this.#bus = null
  }

  async #show(bus: SessionBus, { kind, title, body, ship }: Notification): Promise<void> {
    const [list] = await bus.call(server, 'GetCapabilities')
    const capabilities = new Set(list as string[])
    const isClickable = capabilities.has('actions') && desktopApp(this.#parts.appFile) !== null
    if (isClickable) await bus.listen(server)
    const [id] = await bus.call(server, 'Notify', 'susssasa{sv}i', [
      'Keelan',
      0,
      'keelan',
      title,
      capabilities.has('body-markup') ? escaped(body) : body,
      isClickable ? ['default', 'Show'] : [],
      { urgency: bus.variant('y', kind === 'failed' ? critical : normal), 'desktop-entry': bus.variant('s', 'keelan') },
      asTheDesktopLikes,
    ])
    if (isClickable) this.#awaitClick(Number(id), ship === null ? '/ships' : `/ships/${ship}/log`)
    this.#closeIfIdle()
  }

  #awaitClick(id: number, place: string): void {
    const timer = setTimeout(() => this.#forget(id), clickableMs).unref()
    this.#shown.set(id, { place, timer })
  }

  #onSignal(member: string, [id]: readonly unknown[]): void {
    const shown = this.#shown.get(Number(id))
    if (!shown) return
    if (member === 'NotificationClosed') this.#forget(Number(id))
    if (member !== 'ActionInvoked') return
    const { appFile, log } = this.#parts
    startApp(appFile, shown.place).then(
      () => log('info', `opened the app at ${shown.place}, as was clicked`),
      (error: unknown) => log('warn', `the app could not be opened at ${shown.place}: ${String(error)}`),
    )
  }

  #forget(id: number): void {
    clearTimeout(this.#shown.get(id)?.timer)
    this.#shown.delete(id)
    this.#closeIfIdle()
  }

  #closeIfIdle(): void {
    if (this.#shown.size === 0) this.close()
  }
}

/** Servers that know markup take the text for it. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

import type { Notification } from '../../helper/api/incidents.ts'
import type { ReplyOf } from '../../helper/api/routes.ts'

/** How long the app may take to show what it claimed, in ms; what is not confirmed by then the helper tells itself. */
export const leaseMs = 5_000

export interface NotifierEffects {
  claim(): Promise<ReplyOf<'claimNotifications'>>
  confirm(id: string): Promise<void>
  /** Shows it; calls `shown` once the desktop has it. */
  show(notification: Notification, shown: () => void): void
  /** Calls `due` after so many ms; returns the way to end it. */
  later(ms: number, due: () => void): () => void
  onError(error: unknown): void
}

/** Tells the person what the helper says there is to tell: claims it, shows it, and confirms it once it was shown. */
export class Notifier {
  readonly #effects: NotifierEffects
  #isAsking = false
  #askAgain = false
  #cancel: () => void = () => {}

  constructor(effects: NotifierEffects) {
    this.#effects = effects
  }

  /** Something may be due: asks for it. Any number of calls while that is under way ask once more. */
  ask(): void {
    if (this.#isAsking) {
      this.#askAgain = true
      return
    }
    this.#isAsking = true
    this.#askAgain = false
    this.#cancel()
    this.#claim()
      .catch((error: unknown) => this.#effects.onError(error))
      .finally(() => {
        this.#isAsking = false
        if (this.#askAgain) this.ask()
      })
  }

  close(): void {
    this.#cancel()
  }

  async #claim(): Promise<void> {
    const { notifications, nextInMs } = await this.#effects.claim()
    if (nextInMs !== null) this.#cancel = this.#effects.later(nextInMs, () => this.ask())
    for (const notification of notifications)
      this.#effects.show(notification, () => {
        this.#effects.confirm(notification.id).catch((error: unknown) => this.#effects.onError(error))
      })
  }
}

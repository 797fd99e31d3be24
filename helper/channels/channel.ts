import type { Notification } from '../api/incidents.ts'

/** A way to tell the person. */
export interface Channel {
  /** Resolves once the person is shown it, as far as can be known. Throws an Error that says why nobody is. */
  tell(notification: Notification): Promise<void>
  /** Lets go of what it holds; what is shown stays. */
  close(): void
}

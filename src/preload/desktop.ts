/**
 * What only the desktop can do, for a window: the whole of `window.keelan`. Everything else a window asks the helper for,
 * over its API. In a browser there is no `window.keelan`.
 */
export interface Desktop {
  /** Path of a file or folder that the person dropped or chose; empty if it is none on this machine. */
  pathOf(file: File): string
  /** Asks for a Keelanfile or a folder; null if the person cancelled. */
  choose(what: 'keelanfile' | 'folder' | 'program'): Promise<string | null>
  /** Shows a file or folder of Keelan's base directory in the file manager. Others are refused. */
  show(path: string): Promise<void>
  /** Whether the app starts when the person logs in. */
  startAtLogin(): Promise<boolean>
  setStartAtLogin(on: boolean): Promise<void>
  /** Whether this desktop shows notifications, as far as it can be known. */
  notificationsWork(): Promise<boolean>
  /** What the app knows of the helper, which the API cannot tell while it is away. */
  helperState(): Promise<HelperState>
  startHelper(): Promise<void>
  stopHelper(): Promise<void>
  restartHelper(): Promise<void>
  /** Calls `listener` at each change; returns the way to end it. */
  onHelperState(listener: (state: HelperState) => void): () => void
  /** Calls `listener` with a place to show: `/ships/web/log`. */
  onGo(listener: (place: string) => void): () => void
  /** Version of the app. */
  readonly version: string
}

/**
 * `stopped`: on purpose, and stays so until the person starts it. `gave-up`: it ended too often, `message` says how.
 * `newer`: it is of a newer version than the app, which leaves it alone.
 */
export type HelperState =
  | { readonly state: 'running'; readonly version: string; readonly newer: boolean }
  | { readonly state: 'starting' }
  | { readonly state: 'away' }
  | { readonly state: 'stopped' }
  | { readonly state: 'gave-up'; readonly message: string }

declare global {
  interface Window {
    readonly keelan?: Desktop
  }
}

import type { BrowserWindow } from 'electron'

/** How late an answer may arrive, in ms: a person does not notice. */
const tickMs = 50

/**
 * Waits for what a dialog of the desktop gives. On Linux an answer arrives outside of Electron's own tasks, and JavaScript
 * goes on only when something else wakes it: seconds later in an app that is idle (electron/electron#51049).
 * A dialog that went with its window may never answer, and is not waited for in this way any longer.
 */
export async function awake<T>(answer: Promise<T>, parent: BrowserWindow | null): Promise<T> {
  const ticking = setInterval(() => {}, tickMs)
  parent?.once('closed', () => clearInterval(ticking))
  try {
    return await answer
  } finally {
    clearInterval(ticking)
  }
}

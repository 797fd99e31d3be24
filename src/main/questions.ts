import { app, dialog, type BrowserWindow, type MessageBoxOptions } from 'electron'
import { awake } from './awake.ts'
import { count, named, toTell, type Failure } from './ship-actions.ts'

/** A stop that takes longer than this, in ms, is said to be under way. */
const noticeAfterMs = 1_000

/** Asks before more than one ship is stopped, or all and the app with them. */
export async function mayStop(
  names: readonly string[],
  andQuit: boolean,
  parent: BrowserWindow | null,
): Promise<boolean> {
  const verb = andQuit ? 'Stop and quit' : 'Stop'
  const { response } = await ask(parent, {
    type: 'question',
    title: 'Keelan',
    message: andQuit ? `Stop ${count(names)} and quit Keelan?` : `Stop ${count(names)}?`,
    detail: `${named(names)} will be stopped, and stay so until somebody starts ${names.length === 1 ? 'it' : 'them'}.`,
    buttons: [verb, 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  })
  return response === 0
}

/** Asks before a window loses text that was typed and not saved. */
export async function mayDiscard(window: BrowserWindow): Promise<boolean> {
  const { response } = await ask(window, {
    type: 'question',
    title: 'Keelan',
    message: 'Discard what was not saved?',
    detail: 'There is a definition or a form in the window with changes that were neither saved nor deployed.',
    buttons: ['Discard', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  })
  return response === 0
}

/** Says what failed, if anything did. */
export function tellFailures(failures: readonly Failure[]): void {
  const told = toTell(failures)
  if (told) tellFault(told.message, told.detail)
}

export function tellFault(message: string, detail: string): void {
  void dialog.showMessageBox({ type: 'error', title: 'Keelan', message, detail })
}

/** Quits once all ships named are stopped, after asking. What could not be stopped is said, and the app stays. */
export async function quitAndStop(
  names: readonly string[],
  stop: (...names: readonly string[]) => Promise<readonly Failure[]>,
  parent: BrowserWindow | null,
): Promise<void> {
  if (!(await mayStop(names, true, parent))) return
  const stopped = new AbortController()
  const notice = setTimeout(() => {
    void ask(parent, {
      type: 'info',
      title: 'Keelan',
      message: `Stopping ${count(names)}…`,
      detail: 'Keelan quits once they have ended. Each has the time that its stop_timeout gives it.',
      buttons: ['Quit without waiting'],
      cancelId: 1,
      signal: stopped.signal,
    }).then(({ response }) => {
      if (response === 0 && !stopped.signal.aborted) app.quit()
    })
  }, noticeAfterMs)
  const failures = await stop(...names)
  clearTimeout(notice)
  stopped.abort()
  if (failures.length === 0) app.quit()
  else tellFailures(failures)
}

const ask = (parent: BrowserWindow | null, options: MessageBoxOptions) =>
  awake(parent ? dialog.showMessageBox(parent, options) : dialog.showMessageBox(options), parent)

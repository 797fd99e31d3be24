import { dialog, Notification, shell, type BrowserWindow, type OpenDialogOptions } from 'electron'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { Desktop } from '../preload/desktop.ts'
import { awake } from './awake.ts'
import { askBus } from './session-bus.ts'

const dialogs: Record<Parameters<Desktop['choose']>[0], OpenDialogOptions> = {
  keelanfile: {
    title: 'Choose a Keelanfile',
    properties: ['openFile', 'showHiddenFiles'],
    filters: [
      { name: 'Keelanfiles', extensions: ['yml', 'yaml', 'keelan'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  folder: { title: 'Choose a folder', properties: ['openDirectory', 'createDirectory'] },
  program: { title: 'Choose a program', properties: ['openFile', 'showHiddenFiles'] },
}

/** Asks the person for a file or folder; null if there is no answer. */
export async function choose(window: BrowserWindow | null, what: keyof typeof dialogs): Promise<string | null> {
  const options = dialogs[what]
  const answer = window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options)
  const { filePaths } = await awake(answer, window)
  return filePaths[0] ?? null
}

/** Shows a file in the file manager, or a folder as it is. Throws for what lies in none of these places, links followed. */
export async function show(path: string, places: readonly string[]): Promise<void> {
  const real = realpathSync(path)
  const isShown = places.map(realOf).some((place) => real === place || real.startsWith(place + sep))
  if (!isShown) throw new Error(`${path} is not one of Keelan's files`)
  if (!statSync(real).isDirectory()) return shell.showItemInFolder(real)
  const fault = await shell.openPath(real)
  if (fault !== '') throw new Error(fault)
}

/** Places are given as they were named, which may be by a link. */
function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/**
 * Whether this desktop shows notifications, as far as it can be told; where it cannot, the answer is yes. On Linux a server for
 * them must run, or be ready to be started: Electron says yes without one.
 */
export async function notificationsWork(): Promise<boolean> {
  if (!Notification.isSupported()) return false
  if (process.platform !== 'linux') return true
  const { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR = '' } = process.env
  if (!DBUS_SESSION_BUS_ADDRESS && !existsSync(join(XDG_RUNTIME_DIR, 'bus'))) return false
  const [running, startable] = await Promise.all(['ListNames', 'ListActivatableNames'].map(busNames))
  const names = `${running ?? ''}${startable ?? ''}`
  return names === '' || names.includes(`'org.freedesktop.Notifications'`)
}

const busNames = (method: string): Promise<string | null> =>
  askBus('org.freedesktop.DBus', '/org/freedesktop/DBus', `org.freedesktop.DBus.${method}`)

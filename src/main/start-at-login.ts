import { app } from 'electron'
import { readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { autostartEntry, isSwitchedOn } from './autostart-entry.ts'
import { replaceFile } from './write-file.ts'

/** Whether the app starts when the person logs in: the desktop remembers it, not the app. Off until asked for. */
export interface StartAtLogin {
  get(): boolean
  /** Throws what the file system says. */
  set(on: boolean): void
}

/** `command` starts the app; `icon` is the path of its picture. */
export function startAtLogin(command: readonly string[], icon: string): StartAtLogin {
  return process.platform === 'linux' ? byDesktopEntry(command, icon) : bySystem(command)
}

/** Electron's own way does nothing on Linux. */
function byDesktopEntry(command: readonly string[], icon: string): StartAtLogin {
  const { XDG_CONFIG_HOME, HOME } = process.env
  const file = join(XDG_CONFIG_HOME || join(HOME || homedir(), '.config'), 'autostart', 'keelan.desktop')
  return {
    get: () => {
      try {
        return isSwitchedOn(readFileSync(file, 'utf8'))
      } catch {
        return false
      }
    },
    set: (on) => {
      if (on) replaceFile(file, autostartEntry(command, icon, process.env), 0o644)
      else rmSync(file, { force: true })
    },
  }
}

function bySystem([path = process.execPath, ...words]: readonly string[]): StartAtLogin {
  const entry = { path, args: [...words, '--hidden'] }
  return {
    get: () => app.getLoginItemSettings(entry).openAtLogin,
    set: (on) => app.setLoginItemSettings({ ...entry, openAtLogin: on }),
  }
}

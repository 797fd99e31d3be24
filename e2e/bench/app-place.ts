import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { type FakeDesk, startFakeDesk } from '../testing/fake-desk.ts'
import { startScreen } from '../testing/desktop/screen.ts'
import type { TrayItem } from '../testing/desktop/tray-item.ts'
import { startSessionBus } from '../testing/session-bus.ts'
import { atEnd } from './cleanup.ts'
import { openPlace, type Place } from './place.ts'
import { kill, startTimeOf } from './processes.ts'

/** What starts the app: the runtime, its flags, and the app's folder. */
export type AppCommand = readonly [string, ...string[]]

/** A place with a desktop that nobody sees. */
export interface AppPlace extends Place {
  readonly desk: FakeDesk
  /** Starts the app as a person does, without a debugger in it. */
  launch(): { readonly pid: number; readonly fromMs: number }
  /** Starts the app so that its window can be looked into. */
  drive(): Promise<{ readonly electron: ElectronApplication; readonly pid: number }>
  /** Ends an app and waits until nothing of it is left. */
  end(pid: number): Promise<void>
}

export async function openAppPlace(name: string, [runtime, ...words]: AppCommand): Promise<AppPlace> {
  const place = openPlace(name)
  const [screen, bus] = await Promise.all([startScreen(), startSessionBus()])
  const desk = await startFakeDesk(bus.address)
  const home = join(place.folder, 'home')
  const folders = { HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), TMPDIR: join(home, 'tmp') }
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { WAYLAND_DISPLAY: _wayland, XAUTHORITY: _authority, ...inherited } = process.env
  const env: NodeJS.ProcessEnv = {
    ...inherited,
    ...folders,
    BASE_DIRECTORY: place.paths.base,
    DISPLAY: screen.display,
    DBUS_SESSION_BUS_ADDRESS: bus.address,
    XDG_CURRENT_DESKTOP: 'XFCE',
    NO_AT_BRIDGE: '1',
    GSETTINGS_BACKEND: 'memory',
    KEELAN_NODE: process.execPath,
  }
  const started = new Set<number>()
  const end = async (pid: number): Promise<void> => {
    const all = [pid, ...descendantsOf(pid)].map((one) => ({ pid: one, startTime: startTimeOf(one) }))
    kill(pid, 'SIGKILL')
    for (const one of all) while (one.startTime !== null && startTimeOf(one.pid) === one.startTime) await sleep(5)
    started.delete(pid)
  }
  const close = async (): Promise<void> => {
    for (const pid of started) await end(pid)
    await place.close()
    desk.close()
    await Promise.all([screen.end(), bus.end()])
  }
  atEnd(close)
  return {
    ...place,
    desk,
    launch: () => {
      const fromMs = performance.now()
      const child = spawn(runtime, [...words, '--hidden'], { env, stdio: 'ignore', detached: true })
      child.unref()
      const pid = child.pid ?? NaN
      started.add(pid)
      return { pid, fromMs }
    },
    drive: async () => {
      const electron = await _electron.launch({
        executablePath: runtime,
        args: [...words, '--hidden'],
        env: Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined)),
      })
      const pid = electron.process().pid ?? NaN
      started.add(pid)
      return { electron, pid }
    },
    end,
    close,
  }
}

/** Opens the window by a click on the tray icon. */
export async function openWindow(electron: ElectronApplication, icon: TrayItem): Promise<Page> {
  const opened = electron.waitForEvent('window')
  await icon.activate()
  return opened
}

/** All processes below one, of which Electron has several. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const parent = parentOf(Number(entry))
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
  }
  const below = (one: number): number[] => (children.get(one) ?? []).flatMap((child) => [child, ...below(child)])
  return below(pid)
}

/** Field 4 of /proc/PID/stat; null if it is gone. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}

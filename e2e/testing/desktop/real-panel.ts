import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { run } from '../commands.ts'
import { environmentOf, killIfThere, processesWhere } from '../processes.ts'
import { startSessionBus, untilTheTestEnds } from '../session-bus.ts'
import { untilThere } from '../until-there.ts'
import { BusLink } from './bus-link.ts'
import { desktopVariables } from './desktop.ts'
import { startScreen } from './screen.ts'
import { TrayItem } from './tray-item.ts'

const watcher = ['org.kde.StatusNotifierWatcher', '/StatusNotifierWatcher'] as const

/** px */
export const screenWidth = 1_280
const screenHeight = 800

/** A window on the screen, in pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** xfwm4, xfce4-panel and dunst, as they are installed, on a screen and a bus of their own. */
export interface RealPanel {
  readonly env: NodeJS.ProcessEnv
  /** The icons that the panel itself knows of. */
  readonly icons: () => Promise<TrayItem[]>
  /** Visible windows of a program, by the class that it gives them. */
  readonly windows: (windowClass: string) => Promise<Box[]>
  readonly moveTo: (x: number, y: number) => Promise<void>
  /** 1: left, 2: middle, 3: right. */
  readonly click: (x: number, y: number, button?: 1 | 2 | 3) => Promise<void>
  /** A left click where the mouse is. */
  readonly clickHere: () => Promise<void>
  readonly key: (name: string) => Promise<void>
  /** The screen, or a part of it, as a PNG file. */
  readonly picture: (file: string, part?: Box) => Promise<void>
}

/** For the test that asks for it. To be asked for before the workplace, so that it ends after it. */
export async function realPanel(): Promise<RealPanel> {
  const home = mkdtempSync(join(tmpdir(), 'keelan-panel-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const own = { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_RUNTIME_DIR: join(home, 'run') }
  const folders = { XDG_CACHE_HOME: join(home, '.cache'), XDG_DATA_HOME: join(home, '.local/share') }
  mkdirSync(own.XDG_RUNTIME_DIR, { mode: 0o700 })
  cpSync(new URL('real-panel-config', import.meta.url), own.XDG_CONFIG_HOME, { recursive: true })
  const screen = await startScreen(`${screenWidth}x${screenHeight}x24`)
  onTestFinished(screen.end)
  const outside = { ...process.env, ...desktopVariables(screen.display, ''), ...own, ...folders }
  const bus = await startSessionBus({ services: true, env: outside })
  const env = { ...outside, DBUS_SESSION_BUS_ADDRESS: bus.address }
  onTestFinished(async () => {
    // Services that were started by being asked for are no children of ours.
    for (const pid of processesWhere((one) => environmentOf(one)['HOME'] === home)) killIfThere(pid)
    await bus.end()
  })
  const link = await BusLink.connect(bus.address)
  onTestFinished(() => link.close())

  // It ends with 1 even when it has done it.
  await run(['display', '-window', 'root', '-size', `${screenWidth}x${screenHeight}`, 'xc:#5b7083'], { env })
  for (const words of [['xfwm4', '--compositor=off'], ['dunst'], ['xfce4-panel', '--disable-wm-check']]) {
    spawn(untilTheTestEnds.command, [...untilTheTestEnds.words, ...words], { env, stdio: 'ignore' })
  }
  const icons = async (): Promise<TrayItem[]> => {
    const get = [watcher[0], 'RegisteredStatusNotifierItems']
    const [found] = await link.call(...watcher, 'org.freedesktop.DBus.Properties', 'Get', 'ss', get)
    return (found as string[]).map((address) => {
      const slash = address.indexOf('/')
      return new TrayItem(link, address.slice(0, slash), address.slice(slash))
    })
  }
  await untilThere('the panel', () => icons().catch(() => undefined))
  await untilThere('dunst', () => link.pidOf('org.freedesktop.Notifications').catch(() => undefined))

  const xdotool = (...words: (string | number)[]): Promise<string> => checked(['xdotool', ...words.map(String)], env)
  return {
    env,
    icons,
    windows: async (windowClass) => {
      const { stdout } = await run(['xdotool', 'search', '--onlyvisible', '--class', windowClass], { env })
      const ids = stdout.split('\n').filter(Boolean)
      return Promise.all(ids.map(async (id) => boxOf(await xdotool('getwindowgeometry', '--shell', id))))
    },
    moveTo: async (x, y) => void (await xdotool('mousemove', Math.round(x), Math.round(y))),
    click: async (x, y, button = 1) => void (await xdotool('mousemove', Math.round(x), Math.round(y), 'click', button)),
    clickHere: async () => void (await xdotool('click', 1)),
    key: async (name) => void (await xdotool('key', name)),
    picture: async (file, part) => {
      const crop = part ? ['-crop', `${part.width}x${part.height}+${part.x}+${part.y}`, '+repage'] : []
      // Without the time it was taken, so that the same picture is the same file.
      const plain = ['+set', 'date:create', '+set', 'date:modify', '-define', 'png:exclude-chunks=date,time']
      await checked(['import', '-window', 'root', ...crop, ...plain, file], env)
    },
  }
}

async function checked(words: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await run(words, { env })
  if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  return stdout
}

/** From lines such as `WIDTH=32`. */
function boxOf(lines: string): Box {
  const values = new Map(lines.split('\n').map((line) => line.split('=') as [string, string]))
  const read = (name: string): number => Number(values.get(name))
  return { x: read('X'), y: read('Y'), width: read('WIDTH'), height: read('HEIGHT') }
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, onTestFinished } from 'vitest'
import { electronPath } from '../../../scripts/electron.mjs'
import { sandboxFlags } from '../../../scripts/start-app.mjs'
import { isThere, killIfThere, processesWhere, standing } from '../processes.ts'
import { untilThere } from '../until-there.ts'
import type { Workplace } from '../workplace.ts'
import type { Desktop } from './desktop.ts'
import type { TrayItem } from './tray-item.ts'

const appFolder = fileURLToPath(new URL('../../..', import.meta.url))

/** The built app in a real Electron. */
export interface App {
  readonly pid: number
  readonly electron: ElectronApplication
  /** What it wrote to its terminal. */
  readonly output: () => string
  readonly icon: () => Promise<TrayItem>
  /** Its window, waited for. */
  readonly window: () => Promise<Page>
  readonly isRunning: () => boolean
  /** Its processes: Electron has several. */
  readonly processes: () => number[]
  /** SIGKILL; returns once all of it is gone. */
  readonly kill: () => Promise<void>
  /** As the person does it, by the tray's menu; returns once all of it is gone, with the exit code. */
  readonly quit: () => Promise<number | null>
}

/** A desktop that the test plays, or a real one. */
type Surroundings = Pick<Desktop, 'env'> & Partial<Pick<Desktop, 'tray'>>

interface Options {
  /** After the app's folder. */
  readonly words?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/** What a person's session gives the app: a home of its own inside the workplace, so that nothing stays. */
export function appEnvironment(place: Workplace, desktop: Surroundings): NodeJS.ProcessEnv {
  const home = join(place.folder, 'home')
  const folders = { HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), TMPDIR: join(home, 'tmp') }
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { XDG_CONFIG_HOME: _config, XDG_DATA_HOME: _data, XDG_CACHE_HOME: _cache, ...inherited } = place.env
  return { ...inherited, ...folders, ...desktop.env, KEELAN_NODE: process.execPath }
}

/** The words that start the app, as `npm start` has them. */
export async function appCommand(): Promise<readonly [string, ...string[]]> {
  return [await electronPath(), ...sandboxFlags(), appFolder]
}

/** Starts the app; it is killed when the test is over, if it is still there. */
export async function launchApp(place: Workplace, desktop: Surroundings, options: Options = {}): Promise<App> {
  const app = await startApp(place, desktop, options)
  onTestFinished(app.kill)
  return app
}

/** One for all tests of a file. */
export async function sharedApp(place: Workplace, desktop: Desktop, options: Options = {}): Promise<App> {
  const app = await startApp(place, desktop, options)
  afterAll(app.kill)
  return app
}

async function startApp(place: Workplace, desktop: Surroundings, { words = [], env = {} }: Options): Promise<App> {
  const [executablePath, ...args] = await appCommand()
  const environment = Object.entries({ ...appEnvironment(place, desktop), ...env })
  const electron = await _electron.launch({
    executablePath,
    args: [...args, ...words],
    cwd: place.folder,
    env: Object.fromEntries(environment.filter((pair): pair is [string, string] => pair[1] !== undefined)),
  })
  // Once it has ended, Playwright no longer gives it.
  const child = electron.process()
  const pid = child.pid ?? 0
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  // Playwright gives the app a session of its own; what it starts to outlive it has another one again.
  const processes = (): number[] => processesWhere((one) => standing(one).session === pid)
  const gone = async (): Promise<number | null> => {
    const code = await ended
    await untilThere(
      'the end of its processes',
      () => (processes().length === 0 ? true : undefined),
      () => String(processes()),
    )
    return code
  }
  const icon = (): Promise<TrayItem> => {
    if (!desktop.tray) throw new Error('the panel is a real one: ask it')
    return desktop.tray.itemOf(pid)
  }
  return {
    pid,
    electron,
    output: () => output,
    icon,
    window: () =>
      untilThere(
        'the window',
        () => electron.windows().find((page) => !page.isClosed()),
        () => output,
      ),
    isRunning: () => isThere(pid),
    processes,
    kill: async () => {
      killIfThere(pid)
      await gone()
    },
    quit: async () => {
      // It may be gone before it answers.
      await (await icon()).click('Quit (ships keep running)').catch(() => undefined)
      return gone()
    },
  }
}

import { resolve } from 'node:path'

interface Running {
  readonly isPackaged: boolean
  readonly execPath: string
  readonly appPath: string
  readonly argv: readonly string[]
  readonly environment: NodeJS.ProcessEnv
}

/** The words that start this app again: for the helper, for the desktop's autostart and for links. */
export function appCommand({ isPackaged, execPath, appPath, argv, environment }: Running): readonly string[] {
  // An AppImage is mounted anew, elsewhere, at each start.
  if (isPackaged) return [environment['APPIMAGE'] || execPath]
  // What it could not be started without, as root.
  const flags = argv.includes('--no-sandbox') ? ['--no-sandbox'] : []
  return [execPath, ...flags, resolve(appPath)]
}

/** The words that this start was given: those after the program and, in development, after the app's folder. */
export function givenWords(argv: readonly string[], isPackaged: boolean): readonly string[] {
  const words = argv.slice(1)
  if (isPackaged) return words
  const folder = words.findIndex((word) => !word.startsWith('-'))
  return folder === -1 ? words : words.toSpliced(folder, 1)
}

/**
 * A start tells the first app its words in a message of Chromium's, twice (as they are, and as ours), in up to 32 KiB: a longer
 * one is not answered, and Chromium then takes the first app for one that hangs, and kills it.
 */
const mostBytes = 8_192

/** Whether another start's words and folder can be passed on to the app that runs already. */
export function canBePassedOn(argv: readonly string[], folder: string): boolean {
  return Buffer.byteLength([...argv, folder].join(' ')) <= mostBytes
}

/** What an app needs to reach this desktop and its helper, and a helper does not have by itself. */
const ofDesktop = [
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'XDG_CURRENT_DESKTOP',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'KEELAN_NODE',
] as const

/** How the helper starts the app when one of its own notifications is clicked: the content of `desktop-app.json`. */
export function desktopApp(command: readonly string[], environment: NodeJS.ProcessEnv): string {
  const env = Object.fromEntries(ofDesktop.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])))
  return `${JSON.stringify({ command, env })}\n`
}

import { app, dialog, Menu } from 'electron'
import { join } from 'node:path'
import { z } from 'zod'
import { baseDirectory } from '../../helper/base-directory.ts'
import { makeFolder } from '../../helper/make-folder.ts'
import { version as ownVersion } from '../../helper/version.ts'
import { appCommand, desktopApp, givenWords } from './app-command.ts'
import { openAppLog } from './app-log.ts'
import { registerAppScheme } from './app-protocol.ts'
import { runApp } from './app.ts'
import { startArguments } from './start-arguments.ts'
import { replaceFile } from './write-file.ts'

/** What a second start passes on to the first one. */
const Given = z.object({ words: z.array(z.string()), folder: z.string() })

process.umask(0o077)
const paths = baseDirectory()
/** Of each base directory one app runs, which keeps what is its own there. */
const folder = join(paths.base, 'app')
const given = { words: [...givenWords(process.argv, app.isPackaged)], folder: process.cwd() }
app.setName('Keelan')
app.setDesktopName('keelan.desktop')
try {
  makeFolder(folder)
} catch (error) {
  dialog.showErrorBox(
    'Keelan cannot start',
    `${folder} cannot be made: ${String(error)}. Set BASE_DIRECTORY to a folder you may write to.`,
  )
  app.exit(1)
}
app.setPath('userData', folder)
if (app.requestSingleInstanceLock(given)) begin()
else app.exit(0)

/** The first start for this base directory. Nothing here waits: Electron becomes ready only after all of it. */
function begin(): void {
  const log = openAppLog(paths)
  const version = ownVersion()
  const command = appCommand({
    isPackaged: app.isPackaged,
    execPath: process.execPath,
    appPath: app.getAppPath(),
    argv: process.argv,
    environment: process.env,
  })
  log(
    'info',
    'app',
    `Keelan ${version} starts (pid ${process.pid}, Electron ${process.versions.electron}, ${paths.base})`,
  )
  registerAppScheme()
  // The window needs no graphics card, and the process that talks to one takes memory all the time.
  app.disableHardwareAcceleration()
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null)
  if (app.isPackaged) app.setAsDefaultProtocolClient('keelan')

  /** Opens the window as a start asks for it, now or once Electron is ready. */
  const openAs = async (words: readonly string[], from: string): Promise<void> => {
    const { hidden, place, ignored } = startArguments(words, from)
    for (const word of ignored) log('warn', 'app', `ignored the argument ${JSON.stringify(word)}`)
    const open = await running
    if (!hidden || place !== null) open(place ?? undefined)
  }
  const running = app.whenReady().then(() => {
    // The helper starts the app by it when one of its own notifications is clicked.
    replaceFile(paths.desktopApp, desktopApp(command, process.env))
    // Whoever started the app may wait for its window.
    const onShown = () => process.connected && process.send?.('ready')
    return runApp({ paths, folder, version, command, devServer: devServer(), onShown, log })
  })
  void openAs(given.words, given.folder)

  app.on('second-instance', (_event, _argv, _folder, passed) => {
    const { success, data } = Given.safeParse(passed)
    void openAs(success ? data.words : [], success ? data.folder : '/')
  })
  app.on('open-url', (event, url) => {
    event.preventDefault()
    void openAs([url], '/')
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    void openAs([path], '/')
  })
  app.on('activate', () => void openAs([], '/'))
  // Keelan lives in the tray.
  app.on('window-all-closed', () => {})
  app.on('quit', (_event, code) => log('info', 'app', `ends (${code}); helper and ships go on`))
}

/** An installed app never takes its pages from elsewhere. */
function devServer(): string | undefined {
  const address = process.env['KEELAN_DEV_SERVER']
  if (app.isPackaged || !address) return undefined
  return /^http:\/\/127\.0\.0\.1:\d+$/.test(address) ? address : undefined
}

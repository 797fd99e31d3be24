import { app, dialog, Menu } from 'electron'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { baseDirectory } from '../../helper/base-directory.ts'
import { makeFolder } from '../../helper/make-folder.ts'
import { version as ownVersion } from '../../helper/version.ts'
import { appCommand, canBePassedOn, desktopApp, givenWords } from './app-command.ts'
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
const given = { words: [...givenWords(process.argv, app.isPackaged)], folder: workingFolder() }
app.setName('Keelan')
app.setDesktopName('keelan.desktop')
try {
  makeFolder(folder)
  // Else Electron would say that the app is running already.
  accessSync(folder, constants.W_OK)
} catch (error) {
  endWith(`${folder} cannot be written to: ${String(error)}. Set BASE_DIRECTORY to a folder you may write to.`)
}
app.setPath('userData', folder)
if (!canBePassedOn(process.argv, given.folder)) endWith('It was given a link, or other arguments, of more than 8 KiB.')
else if (app.requestSingleInstanceLock(given)) begin()
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
    for (const word of ignored) log('warn', 'app', `ignored the argument ${JSON.stringify(word.slice(0, 200))}`)
    const open = await running
    if (!hidden || place !== null) open(place ?? undefined)
  }
  const running = app.whenReady().then(() => {
    // The helper starts the app by it when one of its own notifications is clicked. That can be done without.
    try {
      replaceFile(paths.desktopApp, desktopApp(command, process.env))
    } catch (error) {
      log('warn', 'app', `how it is started could not be left for the helper: ${String(error)}`)
    }
    // Whoever started the app may wait for its window.
    const onShown = () => process.connected && process.send?.('ready')
    return runApp({ paths, folder, version, command, devServer: devServer(), onShown, log })
  })
  running.catch((error: unknown) => {
    log('error', 'app', `it could not start: ${String(error)}`)
    endWith(`${String(error)}. Its log is ${join(paths.logs, 'keelan-app.log')}.`)
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

/** Without it the app would run on with no window and no icon, and every further start would end for its sake. */
function endWith(fault: string): void {
  dialog.showErrorBox('Keelan cannot start', fault)
  app.exit(1)
}

/** The folder it was started in. One that was deleted since is left: a first app could not be told of it. */
function workingFolder(): string {
  try {
    return process.cwd()
  } catch {
    process.chdir('/')
    return '/'
  }
}

/** An installed app never takes its pages from elsewhere. */
function devServer(): string | undefined {
  const address = process.env['KEELAN_DEV_SERVER']
  if (app.isPackaged || !address) return undefined
  return /^http:\/\/127\.0\.0\.1:\d+$/.test(address) ? address : undefined
}

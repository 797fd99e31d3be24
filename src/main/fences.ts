import { app, type Session } from 'electron'
import { basename, join } from 'node:path'
import type { Log } from './app-log.ts'
import { logToSave } from './log-to-save.ts'
import { origin } from './policy.ts'
import { tellFault } from './questions.ts'

/** To put text into the clipboard, which Chromium allows only right after a click or a key: "Copy" needs it. */
const onlyPermission = 'clipboard-sanitized-write'

/** Denies every other permission, every address but the app's own, and every download but that of a ship's log. */
export function fenceSession(session: Session, devServer: string | undefined, log: Log): void {
  // It would fetch dictionaries.
  session.setSpellCheckerEnabled(false)
  session.setPermissionRequestHandler((_, permission, answer, { isMainFrame }) => {
    const granted = permission === onlyPermission && isMainFrame
    if (!granted) log('warn', 'window', `refused the page's wish for ${permission}`)
    answer(granted)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*', 'ftp://*/*', 'app://*/*'] },
    ({ url, method, resourceType, frame }, answer) => {
      // The scheme tells nobody's origin: a foreign page in this session could else ask the helper for anything.
      const fromOurs = resourceType === 'mainFrame' ? method === 'GET' : frame?.origin === origin
      const cancel = url.startsWith('app:') ? !fromOurs : !isOf(devServer, url)
      if (cancel) log('warn', 'window', `refused the page's request for ${url}`)
      answer({ cancel })
    },
  )
  session.on('will-download', (event, item) => {
    const name = logToSave(item.getURL())
    if (name === null) {
      log('warn', 'window', `refused the download of ${item.getURL()}`)
      event.preventDefault()
      return
    }
    item.setSaveDialogOptions({ title: 'Save log', defaultPath: join(app.getPath('downloads'), name) })
    item.once('done', (_, state) => {
      if (state === 'interrupted')
        tellFault('The log was not saved', `Saving ${basename(item.getSavePath())} was interrupted. Try again.`)
    })
  })
}

/** Denies every page, of whatever window, to go elsewhere or to open another. */
export function fencePages(log: Log): void {
  app.on('web-contents-created', (_, contents) => {
    const refuse = (event: { preventDefault(): void; url: string }) => {
      // A page may be loaded again, as it is.
      if (event.url.replace(/#.*/, '') === `${origin}/`) return
      log('warn', 'window', `refused to go to ${event.url}`)
      event.preventDefault()
    }
    contents.on('will-frame-navigate', refuse)
    contents.on('will-redirect', refuse)
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      log('warn', 'window', `refused to open ${url}`)
      return { action: 'deny' }
    })
  })
}

function isOf(devServer: string | undefined, url: string): boolean {
  return devServer !== undefined && new URL(url).host === new URL(devServer).host
}

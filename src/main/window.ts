import { BrowserWindow, nativeTheme, screen, type Session, type WebContents } from 'electron'
import type { Log } from './app-log.ts'
import { offerCopying, offerDevTools } from './offers.ts'
import { origin } from './policy.ts'
import { askBeforeDiscarding } from './unsaved.ts'
import { openingBounds, readWindowPlace, smallestSize } from './window-place.ts'
import { replaceFile } from './write-file.ts'

interface WindowOptions {
  /** Made when the first window opens. */
  readonly session: () => Session
  readonly preload: string
  readonly icon: string
  /** Where size and position are remembered. */
  readonly placeFile: string
  readonly version: string
  /** In development the page can be looked into. */
  readonly devTools: boolean
  /** Called each time the window appears. */
  readonly onShown: () => void
  readonly log: Log
}

/** The page's own background (`--bg` in its styles), so that nothing flashes before it is painted. */
const background = { light: '#ffffff', dark: '#12181f' } as const

/** A page that crashes again so soon, in ms, is not loaded again. */
const crashLoopMs = 10_000

/** The app's window: made when it is opened, destroyed when it is closed, as it takes more memory than all the rest. */
export class AppWindow {
  readonly #options: WindowOptions
  #window: BrowserWindow | null = null
  /** What to show once the page listens. */
  #pending: string | null = null
  #listens = false
  #crashedAt = -Infinity

  constructor(options: WindowOptions) {
    this.#options = options
  }

  /** The window's page; null: it is closed. */
  get contents(): WebContents | null {
    return this.#window?.webContents ?? null
  }

  get window(): BrowserWindow | null {
    return this.#window
  }

  /** Opens the window, or brings it up, at a place of the app if one is given. */
  open(place?: string): void {
    if (!this.#window) {
      this.#window = this.#make()
      this.#load(place)
      return
    }
    if (place !== undefined) this.#go(place)
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  /** Tells the page something, if there is one. */
  send(channel: string, value: unknown): void {
    this.contents?.send(channel, value)
  }

  /** Closes the window at once, with whatever was typed into it: nobody can be asked. */
  discard(): void {
    this.#window?.destroy()
  }

  /** The page has begun to listen for places to show. */
  listens(): void {
    this.#listens = true
    const place = this.#pending
    this.#pending = null
    if (place !== null) this.#go(place)
  }

  /** It was to close, and does not. */
  #stays(window: BrowserWindow): void {
    if (this.#window === window) return
    // Opened in the moment in which this one was on its way out.
    this.#window?.destroy()
    this.#window = window
    this.#listens = true
  }

  #forget(): void {
    this.#window = null
    this.#pending = null
  }

  #go(place: string): void {
    if (this.#listens) this.send('keelan:go', place)
    else this.#pending = place
  }

  #load(place?: string): void {
    this.#listens = false
    this.#window?.loadURL(`${origin}/${place === undefined ? '' : `#${place}`}`).catch((error: unknown) => {
      this.#options.log('error', 'window', `the page was not loaded: ${String(error)}`)
    })
  }

  #make(): BrowserWindow {
    const { session, preload, icon, placeFile, version, devTools, onShown, log } = this.#options
    const last = readWindowPlace(placeFile)
    const window = new BrowserWindow({
      ...openingBounds(
        last,
        screen.getAllDisplays().map(({ workArea }) => workArea),
      ),
      minWidth: smallestSize.width,
      minHeight: smallestSize.height,
      show: false,
      title: 'Keelan',
      icon,
      backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
      autoHideMenuBar: true,
      webPreferences: {
        session: session(),
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        // It would fetch dictionaries from the network.
        spellcheck: false,
        devTools,
        additionalArguments: [`--keelan-version=${version}`],
      },
    })
    window.once('ready-to-show', () => {
      if (last?.maximized) window.maximize()
      window.show()
      onShown()
    })
    window.on('close', () => {
      // From now on another one is opened: this one is on its way out, and nothing keeps it but what it holds.
      if (this.#window === window) this.#forget()
      const place = { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
      try {
        replaceFile(placeFile, JSON.stringify(place))
      } catch (error) {
        log('warn', 'window', `its place could not be remembered: ${String(error)}`)
      }
    })
    window.on('closed', () => {
      if (this.#window === window) this.#forget()
    })
    askBeforeDiscarding(window, () => this.#stays(window))
    window.webContents.on('render-process-gone', (_, { reason, exitCode }) => {
      log('error', 'window', `its page ended: ${reason} (${exitCode})`)
      if (reason === 'clean-exit') return
      const again = performance.now() - this.#crashedAt > crashLoopMs
      this.#crashedAt = performance.now()
      if (again) this.#load()
      else window.destroy()
    })
    offerCopying(window.webContents, window)
    if (devTools) offerDevTools(window.webContents)
    window.webContents.on('preload-error', (_, path, error) => {
      log('error', 'window', `${path}: ${error.stack ?? error.message}`)
    })
    return window
  }
}

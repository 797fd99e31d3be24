import { app, nativeTheme, session, type Session } from 'electron'
import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { KeelanEvent } from '../../helper/api/events.ts'
import type { BaseDirectory } from '../../helper/base-directory.ts'
import { KeelanClient } from '../../helper/client.ts'
import type { HelperState } from '../preload/desktop.ts'
import type { Log } from './app-log.ts'
import { serveApp } from './app-protocol.ts'
import { fencePages, fenceSession } from './fences.ts'
import { Fleet } from './fleet.ts'
import { helperControl, helperRuntime } from './helper-control.ts'
import { HelperKeeper } from './helper-keeper.ts'
import { answerPage } from './ipc.ts'
import { choose, notificationsWork, show } from './native.ts'
import { showNotification } from './notifications.ts'
import { leaseMs, Notifier } from './notifier.ts'
import { mayStop, quitAndStop, tellFailures, tellFault } from './questions.ts'
import { shipActions, toStart, toStop, wordsOf, type Failure } from './ship-actions.ts'
import { startAtLogin } from './start-at-login.ts'
import { createTray } from './tray/tray.ts'
import type { TrayActions } from './tray/menu.ts'
import { AppWindow } from './window.ts'

export interface AppOptions {
  readonly paths: BaseDirectory
  /** The app's own files in the base directory. */
  readonly folder: string
  readonly version: string
  /** The words that start this app. */
  readonly command: readonly string[]
  /** Where pages come from while they are being worked on. */
  readonly devServer: string | undefined
  /** Called each time the window appears. */
  readonly onShown: () => void
  readonly log: Log
}

/** Puts the app together, once Electron is ready. Gives the way to open its window. */
export function runApp(options: AppOptions): (place?: string) => void {
  const { paths, folder, version, command, devServer, onShown, log } = options
  const root = app.getAppPath()
  const assets = join(root, 'assets')
  const icon = join(assets, 'icons', '256x256.png')
  const client = new KeelanClient(paths.socket)
  const ships = shipActions(client)
  const atLogin = startAtLogin(command, icon)
  const note = (module: string) => (error: unknown) => log('warn', module, wordsOf(error))

  let ownSession: Session | null = null
  const sessionOfWindow = (): Session => {
    if (ownSession) return ownSession
    ownSession = session.fromPartition('persist:keelan', { cache: false })
    fenceSession(ownSession, devServer, log)
    serveApp(ownSession, { folder: join(root, 'dist/src/renderer'), devServer }, paths.socket, log)
    return ownSession
  }
  fencePages(log)
  const window = new AppWindow({
    session: sessionOfWindow,
    preload: join(root, 'dist/src/preload/preload.cjs'),
    icon,
    placeFile: join(folder, 'window.json'),
    version,
    devTools: !app.isPackaged,
    onShown,
    log,
  })
  const open = (place?: string) => window.open(place)

  const fleet = new Fleet(client, note('events'))
  const onState = (state: HelperState) => {
    log('info', 'helper', JSON.stringify(state))
    window.send('keelan:helper-state', state)
    updateTray()
    if (state.state === 'running') fleet.follow(true)
  }
  const onGaveUp = (message: string) =>
    showNotification({
      title: 'The helper does not stay up',
      body: `${message[0]?.toUpperCase()}${message.slice(1)}.\nShips run on, and those that crash still start again. Click to look, and to start the helper.`,
      icon,
      urgency: 'critical',
      clicked: () => open('/helper'),
    })
  const keeper = new HelperKeeper(version, helperControl(helperRuntime(app.isPackaged)), onState, onGaveUp)

  const holder = `app-${randomUUID()}`
  const notifier = new Notifier({
    claim: () => client.call('claimNotifications', { body: { holder, leaseMs } }),
    confirm: async (id) => {
      await client.call('confirmNotification', { params: { id }, body: { holder } })
    },
    show: ({ title, body, ship, kind }, shown) =>
      showNotification({
        title,
        body,
        icon,
        urgency: kind === 'failed' ? 'critical' : 'normal',
        clicked: () => open(ship === null ? '/ships' : `/ships/${ship}/log`),
        shown,
        failed: (fault) => log('warn', 'notifications', `the desktop did not take one: ${fault}`),
      }),
    later: (ms, due) => {
      const timer = setTimeout(due, ms)
      return () => clearTimeout(timer)
    },
    onError: note('notifications'),
  })

  const setStartAtLogin = (on: boolean) => {
    atLogin.set(on)
    log('info', 'app', on ? 'starts at login' : 'does not start at login')
    updateTray()
  }
  const tellAll = async (failures: Promise<readonly Failure[]>) => tellFailures(await failures)
  const attempt = async (title: string, doing: () => unknown) => {
    try {
      await doing()
    } catch (error) {
      tellFault(title, wordsOf(error))
    }
  }
  const stopAll = async () => {
    const names = toStop(fleet.ships)
    if (names.length < 2 || (await mayStop(names, false, window.window))) await tellAll(ships.stop(...names))
  }
  const act: TrayActions = {
    open,
    start: (name) => void tellAll(ships.start(name)),
    stop: (name) => void tellAll(ships.stop(name)),
    restart: (name) => void tellAll(ships.restart(name)),
    startAll: () => void tellAll(ships.start(...toStart(fleet.ships))),
    stopAll: () => void stopAll(),
    startHelper: () => void attempt('The helper could not be started', () => keeper.start()),
    stopHelper: () => void attempt('The helper could not be stopped', () => keeper.stop()),
    setStartAtLogin: (on) => void attempt('Start at login could not be changed', () => setStartAtLogin(on)),
    quit: () => app.quit(),
    quitAndStopShips: () => void quitAndStop(toStop(fleet.ships), ships.stop, window.window),
  }
  const tray = createTray({
    act,
    assets,
    state: () => ({ ships: fleet.ships, helper: keeper.state, startAtLogin: atLogin.get() }),
  })
  const updateTray = () => tray.update()

  const followTheme = () => {
    client.call('getSettings').then(({ theme }) => (nativeTheme.themeSource = theme), note('theme'))
  }
  fleet.listen({
    changed: updateTray,
    connected: () => {
      keeper.connected()
      notifier.ask()
      followTheme()
    },
    lost: () => void keeper.lost().then(() => keeper.state.state === 'running' && fleet.follow(true)),
    happened: ({ type }: KeelanEvent) => {
      if (type.startsWith('incident.') || type === 'notification.test' || type === 'settings.changed') notifier.ask()
      if (type === 'settings.changed') followTheme()
    },
  })
  answerPage(
    window,
    {
      choose: (what) => choose(window.window, what),
      show: (path) => show(path, shownPlaces(paths, keeper)),
      startAtLogin: () => atLogin.get(),
      setStartAtLogin,
      notificationsWork,
      helperState: () => keeper.state,
      startHelper: () => keeper.start(),
      stopHelper: () => keeper.stop(),
      restartHelper: () => keeper.restart(),
    },
    log,
  )
  // Not before: until its windows are closed, the person may still decide to stay.
  app.on('will-quit', () => {
    fleet.close()
    notifier.close()
    tray.destroy()
  })
  // The session ends, or the terminal: nobody is there to be asked about what was typed.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => {
      log('info', 'app', `is ended by ${signal}`)
      window.discard()
      app.quit()
    })
  fleet.follow()
  void keeper.begin()
  return open
}

/** What the page may have shown in the file manager: the base directory, and the helper's log wherever it is. */
function shownPlaces({ base }: BaseDirectory, { info }: HelperKeeper): string[] {
  return info ? [base, info.logFile, dirname(info.pidFile)] : [base]
}

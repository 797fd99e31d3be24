import { Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron'
import { join } from 'node:path'
import { trayMenu, type MenuAction, type MenuLine, type TrayActions, type TrayState } from './menu.ts'
import { inOrder } from './order.ts'
import { whenPanelReady } from './panel.ts'
import { systemClock, throttle } from './throttle.ts'
import { tooltip } from './tooltip.ts'
import type { IconState } from './standing.ts'
import { worstState } from './worst-state.ts'

export type { TrayActions, TrayState } from './menu.ts'

/** At most 5 rebuilds a second, and none later than 200 ms after what it shows. */
const gapMs = 200
/** A person who opened the menu of a ship is likely to be done with it by then. */
const keepOrderMs = 10_000

export interface KeelanTray {
  /** The state is another one: icon, tooltip and menu follow within 200 ms, each only if it changed. */
  update(): void
  destroy(): void
}

interface TrayOptions {
  readonly act: TrayActions
  /** The folder of the pictures. */
  readonly assets: string
  /** How things stand: asked for when it is shown, and not for each of a thousand changes in between. */
  readonly state: () => TrayState
}

/** Puts Keelan into the tray. */
export function createTray({ act, assets, state: stateNow }: TrayOptions): KeelanTray {
  let tray: Tray | null = null
  let panelReady = false
  let shown = nothingShown
  let endKeeping: (() => void) | null = null

  const show = (): void => {
    if (!panelReady) return
    const state = stateNow()
    const icon = worstState(state.ships, state.helper)
    const words = tooltip(state.ships, state.helper)
    const ships = inOrder(state.ships, endKeeping ? shown.order : [])
    const lines = trayMenu({ ...state, ships })
    const menu = JSON.stringify(lines)
    tray ??= makeTray(image(assets, icon), act)
    if (icon !== shown.icon) tray.setImage(image(assets, icon))
    if (words !== shown.words) tray.setToolTip(words)
    if (menu !== shown.menu) tray.setContextMenu(build(lines))
    shown = { icon, words, menu, order: ships.map(({ name }) => name) }
  }
  const showing = throttle(gapMs, show, systemClock)

  const build = (lines: readonly MenuLine[]): Menu => {
    const menu = Menu.buildFromTemplate(lines.map((line) => template(line, perform)))
    // A panel on Linux puts a new menu in place of an open one, line by line, and does not tell when it is closed. Where
    // there was a ship's Stop, another ship's must not turn up under the mouse.
    for (const { submenu } of menu.items) submenu?.on('menu-will-show', keepOrder)
    return menu
  }
  const keepOrder = (): void => {
    endKeeping?.()
    endKeeping = systemClock.after(keepOrderMs, () => {
      endKeeping = null
      showing.ask()
    })
  }

  const perform = ([name, ...values]: MenuAction): void => {
    // Type checkers cannot follow that name and values belong together.
    ;(act[name] as (...values: unknown[]) => void)(...values)
    if (name !== 'setStartAtLogin') return
    // Systems differ in what a clicked checkbox shows; how it really is, only a new menu shows.
    shown = { ...shown, menu: '' }
    showing.ask()
  }

  const endWaiting = whenPanelReady(() => {
    panelReady = true
    tray?.destroy()
    tray = null
    shown = nothingShown
    show()
  })

  return {
    update: showing.ask,
    destroy: () => {
      endWaiting()
      endKeeping?.()
      showing.end()
      panelReady = false
      tray?.destroy()
      tray = null
    },
  }
}

const nothingShown = { icon: '', words: '', menu: '', order: [] as readonly string[] }

function makeTray(icon: Electron.NativeImage, act: TrayActions): Tray {
  const tray = new Tray(icon)
  // On macOS a click shows the menu.
  if (process.platform !== 'darwin') tray.on('click', () => act.open())
  return tray
}

/** With its @2x file; macOS colours its own, the template, by the menu bar. */
const image = (assets: string, icon: IconState): Electron.NativeImage =>
  nativeImage.createFromPath(join(assets, 'tray', `${icon}${process.platform === 'darwin' ? 'Template' : ''}.png`))

/** For Electron, which takes the letter after `&` for an access key. */
function template(line: MenuLine, perform: (action: MenuAction) => void): MenuItemConstructorOptions {
  if (line.type === 'separator') return { type: line.type }
  const label = line.label.replaceAll('&', '&&')
  if (line.type === 'submenu') {
    const { type, lines } = line
    return { type, label, submenu: lines.map((each) => template(each, perform)) }
  }
  const { does } = line
  return {
    type: line.type,
    label,
    enabled: does !== null,
    ...(line.type === 'checkbox' && { checked: line.checked }),
    ...(does && { click: () => perform(does) }),
  }
}

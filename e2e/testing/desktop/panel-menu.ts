import { setTimeout as sleep } from 'node:timers/promises'
import { untilThere } from '../until-there.ts'
import type { Box, RealPanel } from './real-panel.ts'
import { find, type MenuEntry, type TrayItem } from './tray-item.ts'

/** Of the program that the panel runs its tray in: the icons, and the menus that it opens. */
const trayClass = 'wrapper-2.0'
/** px above the first row and below the last one. */
const padding = 4

/** The tray menu as a person uses it: with the mouse, on what the panel draws. */
export class PanelMenu {
  readonly #panel: RealPanel
  readonly #item: TrayItem
  #rowHeight = 0

  constructor(panel: RealPanel, item: TrayItem) {
    this.#panel = panel
    this.#item = item
  }

  /** Where the icon is. */
  icon(): Promise<Box> {
    return untilThere('the icon on the panel', async () =>
      (await this.#panel.windows(trayClass)).find(({ y, width }) => y === 0 && width > 20),
    )
  }

  /** A left click on the icon. */
  async clickIcon(): Promise<void> {
    await this.#panel.click(...middleOf(await this.icon()))
  }

  /** Opens the menu and, on the way of these labels, submenus; the mouse rests on the last one. */
  async open(...labels: string[]): Promise<void> {
    if (this.#rowHeight === 0) this.#rowHeight = await this.#measureRows()
    const boxes: Box[] = [await this.#openMenu()]
    let entries = await this.#item.menu()
    for (const [depth, label] of labels.entries()) {
      const box = boxes[depth]!
      const entry = find(entries, [label])
      if (!entry) throw new Error(`the menu has no ${label}`)
      await this.#panel.moveTo(box.x + box.width / 2, this.#middleOfRow(box, entries, entry))
      entries = entry.entries
      if (entries.length > 0) boxes.push(await this.#newMenu(boxes))
    }
  }

  /** Clicks an entry, and waits until the menu is gone. */
  async pick(...labels: string[]): Promise<void> {
    await this.open(...labels)
    // A menu ignores a click that comes at once with its opening: it could be one for what was there before.
    await sleep(250)
    await this.#panel.clickHere()
    await this.gone()
  }

  async gone(): Promise<void> {
    await untilThere('the end of the menu', async () => ((await this.#menus()).length === 0 ? true : undefined))
  }

  async #openMenu(): Promise<Box> {
    await this.#panel.click(...middleOf(await this.icon()), 3)
    return this.#newMenu([])
  }

  async #menus(): Promise<Box[]> {
    return (await this.#panel.windows(trayClass)).filter(({ y, height }) => y > 0 && height > 20)
  }

  #newMenu(known: readonly Box[]): Promise<Box> {
    const isKnown = ({ x, y }: Box): boolean => known.some((box) => box.x === x && box.y === y)
    return untilThere('a menu', async () => (await this.#menus()).find((box) => !isKnown(box)))
  }

  /** By the submenu of the first ship, which has nothing but rows. */
  async #measureRows(): Promise<number> {
    const rows = (await this.#item.menu())[0]?.entries.length ?? 0
    if (rows === 0) throw new Error('the first entry has no submenu to measure')
    const menu = await this.#openMenu()
    await this.#panel.moveTo(menu.x + menu.width / 2, menu.y + padding + 10)
    const { height } = await this.#newMenu([menu])
    await this.#panel.key('Escape')
    await this.#panel.key('Escape')
    await this.gone()
    return (height - 2 * padding) / rows
  }

  #middleOfRow(box: Box, entries: readonly MenuEntry[], wanted: MenuEntry): number {
    const separators = entries.filter(({ separator }) => separator).length
    const rows = entries.length - separators
    const separatorHeight = separators === 0 ? 0 : (box.height - 2 * padding - rows * this.#rowHeight) / separators
    let y = box.y + padding
    for (const entry of entries) {
      const height = entry.separator ? separatorHeight : this.#rowHeight
      if (entry.id === wanted.id) return y + height / 2
      y += height
    }
    throw new Error(`${wanted.label} is not in this menu`)
  }
}

const middleOf = ({ x, y, width, height }: Box): [number, number] => [x + width / 2, y + height / 2]

import { Variant } from '@jellybrick/dbus-next'
import { untilThere } from '../until-there.ts'
import type { BusLink } from './bus-link.ts'

const itemInterface = 'org.kde.StatusNotifierItem'
const menuInterface = 'com.canonical.dbusmenu'

export interface MenuEntry {
  readonly id: number
  /** Without the underscore of its access key. */
  readonly label: string
  readonly enabled: boolean
  readonly separator: boolean
  readonly checked: boolean | null
  readonly entries: readonly MenuEntry[]
}

/** One size of an icon: ARGB, four bytes a pixel, row by row. */
export interface Pixmap {
  readonly width: number
  readonly height: number
  readonly argb: Uint8Array
}

type Node = [id: number, properties: Record<string, unknown>, children: Node[]]

/** A tray icon as a panel sees it, over StatusNotifierItem and dbusmenu. */
export class TrayItem {
  readonly owner: string
  readonly path: string
  readonly #link: BusLink

  constructor(link: BusLink, owner: string, path: string) {
    this.#link = link
    this.owner = owner
    this.path = path
  }

  get address(): string {
    return this.owner + this.path
  }

  pid(): Promise<number> {
    return this.#link.pidOf(this.owner)
  }

  async properties(): Promise<Record<string, unknown>> {
    const [all] = await this.#link.call(this.owner, this.path, 'org.freedesktop.DBus.Properties', 'GetAll', 's', [
      itemInterface,
    ])
    return all as Record<string, unknown>
  }

  /** Its title, as panels show it. */
  async tooltip(): Promise<string> {
    const { ToolTip } = (await this.properties()) as { ToolTip: [string, unknown, string, string] }
    return ToolTip[2]
  }

  async pixmaps(): Promise<Pixmap[]> {
    const { IconPixmap } = (await this.properties()) as { IconPixmap: [number, number, Uint8Array][] }
    return IconPixmap.map(([width, height, argb]) => ({ width, height, argb: Uint8Array.from(argb) }))
  }

  /** A left click. */
  async activate(): Promise<void> {
    await this.#link.call(this.owner, this.path, itemInterface, 'Activate', 'ii', [0, 0])
  }

  async menu(): Promise<readonly MenuEntry[]> {
    const path = await this.#menuPath()
    const [, root] = await this.#link.call(this.owner, path, menuInterface, 'GetLayout', 'iias', [0, -1, []])
    return entryOf(root as Node).entries
  }

  /**
   * Clicks a menu entry by the labels that lead to it, submenus first, once it is there and enabled. A part of a label will
   * do: `web:` is the line of that ship.
   */
  async click(...labels: string[]): Promise<void> {
    // The menu may be built anew, with other ids, at any time; so the id is read right before the click.
    const entry = await untilThere(
      `the menu entry ${labels.join(' > ')}`,
      async () => {
        const found = find(await this.menu(), labels)
        return found?.enabled ? found : undefined
      },
      async () => JSON.stringify(await this.menu()),
    )
    const event = [entry.id, 'clicked', new Variant('i', 0), 0]
    await this.#link.call(this.owner, await this.#menuPath(), menuInterface, 'Event', 'isvu', event)
  }

  /** When the menu was changed, in ms as `performance.now()` counts. A new tooltip has Electron tell of the menu too: both are one change. */
  menuChanges(): number[] {
    const changes = new Set(['LayoutUpdated', 'ItemsPropertiesUpdated'])
    return this.#link.signals
      .filter(
        ({ sender, interface: from, member }) => sender === this.owner && from === menuInterface && changes.has(member),
      )
      .map(({ atMs }) => atMs)
      .filter((atMs, at, all) => at === 0 || atMs - (all[at - 1] ?? 0) > 50)
  }

  async #menuPath(): Promise<string> {
    return ((await this.properties()) as { Menu: string }).Menu
  }
}

/** The entry that labels lead to: one that is called so, else the first that has it in its label. */
export function find(entries: readonly MenuEntry[], [label = '', ...rest]: readonly string[]): MenuEntry | undefined {
  const found = entries.find((entry) => entry.label === label) ?? entries.find((entry) => entry.label.includes(label))
  return found && rest.length > 0 ? find(found.entries, rest) : found
}

function entryOf([id, properties, children]: Node): MenuEntry {
  return {
    id,
    label: ((properties['label'] ?? '') as string).replace(/_(_)?/g, '$1'),
    enabled: properties['enabled'] !== false,
    separator: properties['type'] === 'separator',
    checked: properties['toggle-type'] ? properties['toggle-state'] === 1 : null,
    entries: children.map(entryOf),
  }
}

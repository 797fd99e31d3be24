import { Variant } from '@jellybrick/dbus-next'
import { untilThere } from '../until-there.ts'
import type { BusLink } from './bus-link.ts'
import { TrayItem } from './tray-item.ts'

const watcher = 'org.kde.StatusNotifierWatcher'
const path = '/StatusNotifierWatcher'
const properties = 'org.freedesktop.DBus.Properties'

/** The panel: the watcher that tray icons register with and the host that shows them, played by a test. */
export class TrayHost {
  readonly #link: BusLink
  readonly #items: TrayItem[] = []

  private constructor(link: BusLink) {
    this.#link = link
  }

  static async start(link: BusLink): Promise<TrayHost> {
    const host = new TrayHost(link)
    link.answer(path, properties, (member, [, name]) => {
      const values: Record<string, Variant> = {
        RegisteredStatusNotifierItems: new Variant(
          'as',
          host.#items.map((item) => item.address),
        ),
        IsStatusNotifierHostRegistered: new Variant('b', true),
        ProtocolVersion: new Variant('i', 0),
      }
      if (member === 'GetAll') return ['a{sv}', values]
      return member === 'Get' ? ['v', values[String(name)]] : null
    })
    link.answer(path, watcher, (member, [service], sender) => {
      if (member === 'RegisterStatusNotifierHost') return ['']
      if (member !== 'RegisterStatusNotifierItem') return null
      const given = String(service)
      const item = given.startsWith('/')
        ? new TrayItem(link, sender, given)
        : new TrayItem(link, given, '/StatusNotifierItem')
      host.#items.push(item)
      link.signal(path, watcher, 'StatusNotifierItemRegistered', 's', [item.address])
      return ['']
    })
    await link.own(watcher)
    await link.own(`org.kde.StatusNotifierHost-${process.pid}`)
    return host
  }

  /** Icons of programs that are still connected, in the order they registered. */
  items(): TrayItem[] {
    const gone = new Set(
      this.#link.signals.flatMap(({ member, body }) =>
        member === 'NameOwnerChanged' && body[2] === '' ? [body[0]] : [],
      ),
    )
    return this.#items.filter((item) => !gone.has(item.owner))
  }

  /** The icon of a program, waited for. */
  itemOf(pid: number): Promise<TrayItem> {
    return untilThere(`the tray icon of process ${pid}`, async () => {
      for (const item of this.items()) if ((await item.pid().catch(() => 0)) === pid) return item
      return undefined
    })
  }
}

import { BusLink } from './desktop/bus-link.ts'
import { NotificationServer } from './desktop/notification-server.ts'
import { TrayHost } from './desktop/tray-host.ts'

/** What a desktop has for programs, played by a test over the same protocols: a panel with a tray, and notifications. */
export interface FakeDesk {
  readonly tray: TrayHost
  readonly notifications: NotificationServer
  readonly close: () => void
}

/** Takes both names on a bus; they must be free. */
export async function startFakeDesk(address: string): Promise<FakeDesk> {
  const link = await BusLink.connect(address)
  const notifications = await NotificationServer.start(link)
  const tray = await TrayHost.start(link)
  return { tray, notifications, close: () => link.close() }
}

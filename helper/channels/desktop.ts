import type { Channel } from './channel.ts'
import { type DesktopParts, LinuxDesktop } from './linux-desktop.ts'
import { MacDesktop } from './mac-desktop.ts'

/** The desktop of whoever runs the helper. */
export function desktopChannel(parts: DesktopParts, platform: NodeJS.Platform = process.platform): Channel {
  if (platform === 'linux') return new LinuxDesktop(parts)
  if (platform === 'darwin') return new MacDesktop()
  return {
    tell: () => Promise.reject(new Error(`Keelan cannot show notifications on ${platform} by itself`)),
    close: () => {},
  }
}

import { afterAll, onTestFinished } from 'vitest'
import { type FakeDesk, startFakeDesk } from '../fake-desk.ts'
import { startSessionBus } from '../session-bus.ts'
import { startScreen } from './screen.ts'

/** A screen, a session bus, and a desktop on it that a test plays. */
export interface Desktop extends FakeDesk {
  /** What programs find it by. */
  readonly env: NodeJS.ProcessEnv
}

/** For the test that asks for it. To be asked for before the workplace, so that it ends after it. */
export async function desktop(): Promise<Desktop> {
  const { desktop, end } = await startDesktop()
  onTestFinished(end)
  return desktop
}

/** One for all tests of a file. To be asked for before the workplace, so that it ends after it. */
export async function sharedDesktop(): Promise<Desktop> {
  const { desktop, end } = await startDesktop()
  afterAll(end)
  return desktop
}

async function startDesktop(): Promise<{ desktop: Desktop; end: () => Promise<void> }> {
  const [screen, bus] = await Promise.all([startScreen(), startSessionBus()])
  const desk = await startFakeDesk(bus.address)
  const end = async (): Promise<void> => {
    desk.close()
    await Promise.all([screen.end(), bus.end()])
  }
  return { desktop: { ...desk, env: desktopVariables(screen.display, bus.address) }, end }
}

/** Those of a desktop; what the one the tests are run on has set is taken away. */
export const desktopVariables = (display: string, busAddress: string): NodeJS.ProcessEnv => ({
  DISPLAY: display,
  DBUS_SESSION_BUS_ADDRESS: busAddress,
  WAYLAND_DISPLAY: undefined,
  XAUTHORITY: undefined,
  XDG_CURRENT_DESKTOP: 'XFCE',
  XDG_SESSION_TYPE: 'x11',
  // Else GTK starts services of the accessibility bus, which would outlive the test.
  NO_AT_BRIDGE: '1',
  GSETTINGS_BACKEND: 'memory',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
})

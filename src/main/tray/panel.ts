import { askBus } from '../session-bus.ts'
import { systemClock, type Clock } from './throttle.ts'

const watcher = 'org.kde.StatusNotifierWatcher'
const betweenLooksMs = 1_000
/** A panel that is not there two minutes after login does not come. */
const mostLooks = 120

/**
 * Calls `ready` when the tray icon can be made: at once, or on Linux after a look for the panel; and once more, for it to be made
 * anew, if the panel comes later. Electron looks for one only when it makes an icon, and falls back for good to a protocol
 * that hardly any panel speaks; at login, app and panel start side by side. Returns the way to end it.
 */
export function whenPanelReady(ready: () => void, look = panelIsThere, clock: Clock = systemClock): () => void {
  let ended = false
  let callOff: (() => void) | null = null
  const lookAgain = async (looks: number): Promise<void> => {
    const there = await look()
    if (ended) return
    if (there || looks === 1) ready()
    if (!there && looks < mostLooks) callOff = clock.after(betweenLooksMs, () => void lookAgain(looks + 1))
  }
  void lookAgain(1)
  return () => {
    ended = true
    callOff?.()
  }
}

/** Whether an icon made now is shown, as far as it can be told; where it cannot, the answer is yes. */
export async function panelIsThere(): Promise<boolean> {
  if (process.platform !== 'linux' || !process.env['DBUS_SESSION_BUS_ADDRESS']) return true
  const question = [watcher, 'IsStatusNotifierHostRegistered']
  const answer = await askBus(watcher, '/StatusNotifierWatcher', 'org.freedesktop.DBus.Properties.Get', question, 1)
  return answer === null || answer.includes('true')
}

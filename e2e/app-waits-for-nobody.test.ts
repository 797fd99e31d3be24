import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { run } from './testing/commands.ts'
import { type App, launchApp } from './testing/desktop/app.ts'
import { BusLink } from './testing/desktop/bus-link.ts'
import { type Desktop, desktopVariables, sharedDesktop } from './testing/desktop/desktop.ts'
import { startScreen } from './testing/desktop/screen.ts'
import { TrayHost } from './testing/desktop/tray-host.ts'
import { startSessionBus } from './testing/session-bus.ts'
import { untilThere } from './testing/until-there.ts'
import { eventually, workplace } from './testing/workplace.ts'

// Whoever does not answer, a person or a server of the desktop, the app goes on meanwhile.

const desktop = await sharedDesktop()

const nameField = (window: Page) => window.getByRole('textbox', { name: /^Name/ })

/** The app with something typed into its form, by a link, and not sent. */
async function appWithTyping(place: ReturnType<typeof workplace>): Promise<{ app: App; window: Page }> {
  const app = await launchApp(place, desktop, { words: ['--go', '/deploy'] })
  const window = await app.window()
  await window.getByText('Helper running').first().waitFor()
  await nameField(window).fill('typed')
  return { app, window }
}

/** Clicks a button of the question on the screen, as a person does with the mouse; its buttons lie side by side at its lower edge. */
async function answer(at: Desktop, button: 'Discard' | 'Cancel'): Promise<void> {
  const env = { ...process.env, ...at.env }
  const xdotool = async (...words: string[]): Promise<string> => (await run(['xdotool', ...words], { env })).stdout
  const questions = async (): Promise<string[]> =>
    (await xdotool('search', '--onlyvisible', '--name', '^Keelan$')).split('\n').filter((id) => id !== '')
  const id = await untilThere('the question', async () => (await questions()).at(-1))
  await xdotool('windowraise', id)
  const box = await xdotool('getwindowgeometry', '--shell', id)
  const [width = 0, height = 0] = ['WIDTH', 'HEIGHT'].map((name) => Number(new RegExp(`${name}=(\\d+)`).exec(box)?.[1]))
  const x = Math.round(width * (button === 'Discard' ? 0.25 : 0.75))
  await xdotool('mousemove', '--window', id, String(x), String(height - 16), 'click', '1')
  await eventually(questions).toEqual([])
}

// It once hung for a minute, in one of five whole runs, and nobody knows yet at which step: hence the second try.
const again = { retry: 1 }

test(
  'closing the window on text that was not saved asks; meanwhile the tray goes on; "Cancel" keeps the window',
  again,
  async () => {
    const place = workplace()
    const { app, window } = await appWithTyping(place)
    const icon = await app.icon()
    const close = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await close()
    await place.ok('deploy', 'meanwhile', '--', 'exec sleep 1000')
    await eventually(() => icon.tooltip()).toBe('1 running')
    await answer(desktop, 'Cancel')
    expect(await nameField(window).inputValue()).toBe('typed')
    // It is still the window that the app knows: it is brought up, and its calls are answered.
    await icon.activate()
    await window.evaluate(() => (globalThis as unknown as { keelan: { helperState(): unknown } }).keelan.helperState())
    expect(app.electron.windows()).toEqual([window])

    await close()
    await answer(desktop, 'Discard')
    await eventually(() => app.electron.windows()).toEqual([])
    expect(app.isRunning()).toBe(true)
    // Nothing is left to be asked about.
    await icon.activate()
    await (await app.window()).getByText('Helper running').first().waitFor()
    expect(await app.quit()).toBe(0)
  },
)

test('quitting asks as well: "Cancel" keeps all of the app, "Discard" quits it', async () => {
  const place = workplace()
  const { app, window } = await appWithTyping(place)
  const icon = await app.icon()
  const quit = () => icon.click('Quit (ships keep running)').catch(() => undefined)
  await quit()
  await answer(desktop, 'Cancel')
  expect(await nameField(window).inputValue()).toBe('typed')
  await place.ok('deploy', 'later', '--', 'exec sleep 1000')
  await eventually(() => icon.tooltip()).toBe('1 running')
  await quit()
  await answer(desktop, 'Discard')
  await eventually(app.isRunning).toBe(false)
})

test('the end of the session (SIGTERM) ends the app, whatever was typed: nobody is there to be asked', async () => {
  const { app } = await appWithTyping(workplace())
  process.kill(app.pid, 'SIGTERM')
  await eventually(app.isRunning).toBe(false)
  await eventually(() => app.processes()).toEqual([])
})

test('a notification server that hangs does not make the app hang; the helper tells instead of it', async () => {
  const [screen, bus] = await Promise.all([startScreen(), startSessionBus()])
  onTestFinished(async () => void (await Promise.all([screen.end(), bus.end()])))
  const link = await BusLink.connect(bus.address)
  onTestFinished(() => link.close())
  const tray = await TrayHost.start(link)
  const callers = new Set<number>()
  const notifications = 'org.freedesktop.Notifications'
  link.answer('/org/freedesktop/Notifications', notifications, async (_, __, sender) => {
    callers.add(await link.pidOf(sender).catch(() => 0))
    return await new Promise(() => {})
  })
  await link.own(notifications)
  const surroundings = { env: desktopVariables(screen.display, bus.address), tray }
  const place = workplace({ env: surroundings.env })
  const app = await launchApp(place, surroundings, { words: ['--hidden'] })
  const icon = await app.icon()
  await eventually(() => icon.tooltip()).toBe('No ships yet')
  await app.electron.evaluate(() => {
    const seen = globalThis as unknown as { longestMs: number }
    seen.longestMs = 0
    let last = performance.now()
    setInterval(() => {
      seen.longestMs = Math.max(seen.longestMs, performance.now() - last)
      last = performance.now()
    }, 50)
  })
  await place.keelan(['deploy', 'broken', '--restart', 'no', '--', 'exit 3'])
  await eventually(() => icon.tooltip()).toMatch('1 failed: broken')
  await eventually(() => [...callers]).toContain(place.helperPid())
  await sleep(100)
  const longestMs = await app.electron.evaluate(() => (globalThis as unknown as { longestMs: number }).longestMs)
  expect(longestMs).toBeLessThan(3_000)
})

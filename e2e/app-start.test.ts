import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { run } from './testing/commands.ts'
import { appEnvironment } from './testing/desktop/app.ts'
import { desktop as newDesktop } from './testing/desktop/desktop.ts'
import { killIfThere, processesWhere, standing } from './testing/processes.ts'
import { untilThere } from './testing/until-there.ts'
import { eventually, isThere, workplace } from './testing/workplace.ts'

const start = [process.execPath, fileURLToPath(new URL('../scripts/start.mjs', import.meta.url))]

test('npm start runs helper and app, says where they are, and gives the prompt back; again, it shows the window', async () => {
  const desktop = await newDesktop()
  const place = workplace()
  // Where the runtime is kept, as far as the person is concerned.
  const { HOME, XDG_CACHE_HOME } = process.env
  const env = { ...appEnvironment(place, desktop), HOME, XDG_CACHE_HOME }
  const first = await run(start, { env })
  expect(first).toMatchObject({ code: 0 })
  expect(first.stdout).toMatch(/npx keelan deploy web[^]*The app runs: its window is open, and its icon is in the tray/)
  const icon = await untilThere('the tray icon', () => desktop.tray.items()[0])
  const pid = await icon.pid()
  onTestFinished(() => killIfThere(pid))
  expect(standing(pid).terminal).toBe(0)
  const helper = place.helperPid()
  await eventually(() => icon.tooltip()).toBe('No ships yet')

  const second = await run(start, { env })
  expect(second).toMatchObject({ code: 0 })
  expect(second.stdout).toContain('The app was running already: its window is shown.')
  expect(desktop.tray.items().length).toBe(1)
  // The helper runs on the Node of the person who typed it.
  expect((await place.client.call('getHelper')).pid).toBe(helper)

  await icon.click('Quit (ships keep running)').catch(() => undefined)
  await eventually(() => processesWhere((one) => standing(one).session === pid)).toEqual([])
  expect(isThere(helper)).toBe(true)
})

test('npm start without a display says so, starts the helper, and prints what to type next', async () => {
  const place = workplace()
  const { HOME, XDG_CACHE_HOME } = process.env
  const env = { ...place.env, HOME, XDG_CACHE_HOME, DISPLAY: undefined, WAYLAND_DISPLAY: undefined }
  const { code, stdout } = await run(start, { env })
  expect(code).toBe(0)
  expect(stdout).toMatch(/npx keelan deploy web[^]*There is no display here, so the app was not started/)
  expect(await place.client.call('getHelper')).toMatchObject({ pid: place.helperPid() })
})

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { sharedApp } from './testing/desktop/app.ts'
import { sharedDesktop } from './testing/desktop/desktop.ts'
import { find, type TrayItem } from './testing/desktop/tray-item.ts'
import { run } from './testing/commands.ts'
import { eventually, isThere, sharedWorkplace } from './testing/workplace.ts'

const desktop = await sharedDesktop()
const place = sharedWorkplace()
const app = await sharedApp(place, desktop, { words: ['--hidden'] })
let icon: TrayItem
beforeAll(async () => void (icon = await app.icon()))

const lineOf = async (name: string): Promise<string> => find(await icon.menu(), [`${name}:`])?.label ?? ''

test('the tray icon registers with the panel, with a picture for plain and for fine screens', async () => {
  expect(await icon.properties()).toMatchObject({ Status: 'Active', Category: 'ApplicationStatus' })
  expect(Math.max(...(await icon.pixmaps()).map(({ width }) => width))).toBeGreaterThanOrEqual(22)
  await eventually(() => icon.tooltip()).toBe('No ships yet')
  // Hidden, as at login.
  expect(app.electron.windows()).toEqual([])
})

test('Start, Stop and Restart clicked in the menu do so to a real program', async () => {
  await place.ok('deploy', 'clicked', '--', 'exec sleep 1000')
  const pidOf = async (): Promise<number> => (await place.ship('clicked')).pid ?? 0
  const first = await pidOf()
  expect(isThere(first)).toBe(true)

  await icon.click('clicked:', 'Stop')
  await eventually(() => isThere(first)).toBe(false)
  await eventually(() => lineOf('clicked')).toMatch('stopped')
  expect(find(await icon.menu(), ['clicked:', 'Stop'])).toMatchObject({ enabled: false })

  await icon.click('clicked:', 'Start')
  await place.until('clicked', 'running')
  const second = await pidOf()
  expect(isThere(second)).toBe(true)

  await icon.click('clicked:', 'Restart')
  await eventually(() => isThere(second)).toBe(false)
  await place.until('clicked', 'running')
  expect(await place.ship('clicked')).toMatchObject({ wish: 'up', restarts: 0 })
})

test('icon, tooltip and menu show the worst there is, in words too, and are well again with it', async () => {
  await place.ok('deploy', 'steady', '--', 'exec sleep 1000')
  await eventually(() => icon.tooltip()).toBe('2 running')
  const well = await pictureOf(icon)
  await place.keelan(['deploy', 'broken', '--restart', 'no', '--', 'exit 3'])
  await eventually(() => icon.tooltip()).toMatch(/, 1 failed: broken$/)
  // Failed ones first.
  expect((await icon.menu())[0]?.label).toMatch(/broken: failed$/)
  await eventually(() => pictureOf(icon)).not.toBe(well)
  await place.ok('remove', 'broken')
  await eventually(() => icon.tooltip()).not.toMatch('failed')
  await eventually(() => pictureOf(icon)).toBe(well)
})

const pictureOf = async (item: TrayItem): Promise<string> => {
  const hash = createHash('sha256')
  for (const { argb } of await item.pixmaps()) hash.update(argb)
  return hash.digest('hex')
}

test('with a hundred ships the menu has fifteen of them and "more…", which opens the window', async () => {
  const ships = Array.from(
    { length: 100 },
    (_, n) => `  many-${String(n).padStart(3, '0')}:\n    command: exec sleep 1000\n`,
  )
  place.write('Keelanfile.yml', `ships:\n${ships.join('')}`)
  await place.ok('up', '-f', join(place.folder, 'Keelanfile.yml'))
  await eventually(async () => (await icon.menu()).filter(({ entries }) => entries.length > 0).length).toBe(15)
  await eventually(() => icon.tooltip()).toMatch(/^10\d running/)
  await icon.click(' more…')
  const window = await app.window()
  await window.close()
})

test('the menu follows a change within 200 ms, and a storm of them rebuilds it at most five times a second', async () => {
  await place.ok('deploy', 'a-storm', '--', 'exec sleep 1000')
  await eventually(() => lineOf('a-storm')).toMatch('running')
  const before = icon.menuChanges().length
  await place.client.call('stopShip', { params: { name: 'a-storm' } })
  const stoppedAt = performance.now()
  await eventually(() => icon.menuChanges().length).toBeGreaterThan(before)
  // On top, what a machine busy with other tests takes to run both.
  expect(icon.menuChanges()[before]).toBeLessThan(stoppedAt + 200 + 100)

  // A hundred ships that stop, start and stop again are over six hundred events.
  for (const verb of ['down', 'up', 'down']) await place.ok(verb, '-f', join(place.folder, 'Keelanfile.yml'))
  const changes = icon.menuChanges().slice(before)
  // Less than a second, by what one message may be later than another.
  const inOneSecond = changes.map((from) => changes.filter((at) => at >= from && at < from + 950).length)
  expect(Math.max(...inOneSecond)).toBeGreaterThan(1)
  expect(Math.max(...inOneSecond)).toBeLessThanOrEqual(5)
})

test('"Start at login" is off until it is asked for, and writes what a desktop starts programs by', async () => {
  const file = join(place.folder, 'home/.config/autostart/keelan.desktop')
  const isOn = async (): Promise<boolean | null | undefined> => find(await icon.menu(), ['Start at login'])?.checked
  expect(await isOn()).toBe(false)
  expect(existsSync(file)).toBe(false)
  await icon.click('Start at login')
  await eventually(isOn).toBe(true)
  expect(await run(['desktop-file-validate', file])).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(readFileSync(file, 'utf8')).toMatch(/^Exec=.* --hidden$/m)
  await icon.click('Start at login')
  await eventually(isOn).toBe(false)
  expect(existsSync(file)).toBe(false)
})

test('a left click opens the window, and brings up the one there is; closed, it takes its page’s process with it', async () => {
  const processes = app.processes().length
  await icon.activate()
  const window = await app.window()
  await window.getByRole('heading', { level: 1 }).waitFor()
  await icon.activate()
  expect(app.electron.windows().length).toBe(1)
  await window.close()
  await eventually(() => app.processes().length).toBeLessThanOrEqual(processes)
  expect(app.electron.windows()).toEqual([])
  expect(app.isRunning()).toBe(true)
})

test('the helper is stopped and started from the menu; ships run on, and one stopped on purpose stays so', async () => {
  const { pid } = await place.until('clicked', 'running')
  const helper = place.helperPid()
  await icon.click('Stop helper (ships keep running)')
  await eventually(() => isThere(helper)).toBe(false)
  await eventually(() => icon.tooltip()).toMatch('stopped')
  expect(isThere(pid ?? 0)).toBe(true)
  await icon.click('Start helper')
  await eventually(() => icon.tooltip()).toMatch('running')
  expect(place.helperPid()).not.toBe(helper)
  expect(await place.ship('clicked')).toMatchObject({ status: 'running', pid })
})

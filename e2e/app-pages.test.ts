import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { sharedApp } from './testing/desktop/app.ts'
import { axeFaults } from './testing/desktop/axe.ts'
import { sharedDesktop } from './testing/desktop/desktop.ts'
import { eventually, isThere, sharedWorkplace } from './testing/workplace.ts'

const desktop = await sharedDesktop()
const place = sharedWorkplace()
const app = await sharedApp(place, desktop)
let window: Page
const faults: string[] = []
beforeAll(async () => {
  window = await app.window()
  window.on('pageerror', (error) => faults.push(String(error)))
  window.on('console', (message) => {
    // Until the helper of a first start answers.
    const isAway = message.text().includes('status of 503')
    if (message.type() === 'error' && !isAway) faults.push(message.text())
  })
  await window.getByText('Helper running').first().waitFor()
})

const goTo = (path: string): Promise<unknown> => window.evaluate(`location.hash = ${JSON.stringify(path)}`)
const heading = (name: string) => window.getByRole('heading', { level: 1, name })
const row = (name: string) => window.getByRole('row', { name: new RegExp(`\\b${name}\\b`) })

/** What axe finds in both themes. */
async function faultsInBothThemes(): Promise<string[]> {
  const found: string[] = []
  for (const theme of ['light', 'dark'] as const) {
    await place.client.call('changeSettings', { body: { theme } })
    await window.locator(`html[data-theme=${theme}]`).waitFor()
    // Colours that change by a transition are judged once they have.
    await window.evaluate('Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)))')
    found.push(...(await axeFaults(window)).map((fault) => `${theme}: ${fault}`))
  }
  return found
}

test('an empty fleet leads to a first ship in three clicks, as the page says, and to a sample ship in one', async () => {
  await window.getByText('No ships yet').first().waitFor()
  expect(await faultsInBothThemes()).toEqual([])
  await window.getByRole('button', { name: 'Try the sample ship' }).click()
  await eventually(() => place.client.call('listShips')).toMatchObject({ ships: [{ status: 'running' }] })
  const { ships } = await place.client.call('listShips')
  const name = ships[0]?.name ?? ''
  await heading(name).waitFor()
  await place.ok('remove', name)
})

test('Stop, Start and Remove in the window act on a real program, by mouse and by keyboard', async () => {
  await goTo('/ships')
  await place.ok('deploy', 'web', '--', 'echo ready; exec sleep 1000')
  const { pid } = await place.ship('web')
  await row('web').waitFor()
  await row('web').getByRole('button', { name: /^Stop/ }).click()
  await eventually(() => isThere(pid ?? 0)).toBe(false)
  await row('web').getByText('stopped', { exact: false }).first().waitFor()
  // By keyboard: the row is focused, capital letters act on it.
  await row('web').focus()
  await window.keyboard.press('Shift+S')
  await place.until('web', 'running')
  await row('web').getByText('running', { exact: false }).first().waitFor()

  await place.ok('deploy', 'doomed', '--', 'exec sleep 1000')
  const { pid: doomed } = await place.ship('doomed')
  await row('doomed').focus()
  await window.keyboard.press('Delete')
  await window
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Remove/ })
    .click()
  await row('doomed').waitFor({ state: 'detached' })
  expect(isThere(doomed ?? 0)).toBe(false)
  expect((await place.keelan(['show', 'doomed'])).code).toBe(1)
})

const pages = [
  ['/ships', 'Ships'],
  ['/ships/web/log', 'web'],
  ['/ships/web/runs', 'web'],
  ['/ships/web/events', 'web'],
  ['/ships/web/definition', 'web'],
  ['/ships/broken/log', 'broken'],
  ['/ships/nowhere', 'nowhere'],
  ['/deploy', 'Deploy a ship'],
  ['/helper', 'Helper'],
  ['/settings', 'Settings'],
] as const

test.each(pages)('%s has nothing that axe finds wrong, light or dark', async (path, title) => {
  if (path === '/ships') {
    await place.ok(
      'deploy',
      'colours',
      '--',
      `printf '\\033[31mred\\033[0m \\033[1;34mblue\\033[0m\\n'; exec sleep 1000`,
    )
    await place.keelan(['deploy', 'broken', '--restart', 'no', '--', 'echo oh; exit 3'])
    await place.until('broken', 'failed')
  }
  await goTo(path)
  await heading(title).waitFor()
  expect(await faultsInBothThemes()).toEqual([])
})

test('a question before more than one ship is stopped, and its answer, work by keyboard alone', async () => {
  await goTo('/ships')
  await row('web').focus()
  await window.keyboard.press('Control+a')
  await window.keyboard.press('Shift+T')
  const dialog = window.getByRole('alertdialog').or(window.getByRole('dialog'))
  await dialog.waitFor()
  expect(await faultsInBothThemes()).toEqual([])
  await window.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  expect(await place.ship('web')).toMatchObject({ status: 'running' })
  await window.keyboard.press('Shift+T')
  await dialog.getByRole('button', { name: /^Stop/ }).focus()
  await window.keyboard.press('Enter')
  await place.until('web', 'stopped')
  await place.until('colours', 'stopped')
})

test('with a hundred ships the window opens at once, filters them, and acts on many at once', async () => {
  const ships = Array.from(
    { length: 100 },
    (_, n) => `  many-${String(n).padStart(3, '0')}:\n    command: exec sleep 1000\n`,
  )
  const file = place.write('Keelanfile.yml', `ships:\n${ships.join('')}`)
  await place.ok('up', '-f', file)
  await window.close()
  await eventually(() => app.electron.windows()).toEqual([])
  const icon = await app.icon()
  const openedAt = performance.now()
  await icon.activate()
  window = await app.window()
  await row('broken').waitFor()
  const openMs = performance.now() - openedAt
  // The benchmark holds it to 500 ms on a quiet machine; here other tests run beside it.
  expect(openMs).toBeLessThan(5_000)

  await window.getByRole('searchbox').fill('many-09')
  await row('many-099').waitFor()
  expect(await window.getByRole('row').count()).toBe(11)
  await row('many-090').focus()
  await window.keyboard.press('Control+a')
  await window.keyboard.press('Shift+T')
  await window.getByRole('button', { name: /^Stop (10|ten)/i }).click()
  await Promise.all(Array.from({ length: 10 }, (_, n) => place.until(`many-09${n}`, 'stopped')))
  expect(await place.ship('many-000')).toMatchObject({ status: 'running' })
})

test('nothing was complained of in the page’s console', () => expect(faults).toEqual([]))

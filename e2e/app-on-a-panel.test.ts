import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { launchApp } from './testing/desktop/app.ts'
import { PanelMenu } from './testing/desktop/panel-menu.ts'
import { type Box, realPanel, screenWidth } from './testing/desktop/real-panel.ts'
import { untilThere } from './testing/until-there.ts'
import { eventually, isThere, workplace } from './testing/workplace.ts'

/** Kept in the repository and shown in the README; `npm run pictures` takes them anew. */
const pictures = process.env['KEELAN_PICTURES'] ? fileURLToPath(new URL('pictures', import.meta.url)) : null

const topRight = (width: number, height: number): Box => ({ x: screenWidth - width, y: 0, width, height })

test('on a real panel and with a real notification server, by mouse: menu, bubble, window, and quitting with all ships', async () => {
  const panel = await realPanel()
  const place = workplace({ env: panel.env })
  const take = async (name: string, part?: Box): Promise<void> => {
    if (!pictures) return
    mkdirSync(pictures, { recursive: true })
    // What fades in has.
    await sleep(600)
    await panel.picture(`${pictures}/${name}.png`, part)
  }
  await place.ok('deploy', 'web', '--', 'exec python3 -u -m http.server 0')
  await place.ok('deploy', 'clock', '--', 'while date; do sleep 1; done')
  await place.ok('deploy', 'load', '--', 'while cat /proc/loadavg; do sleep 5; done')
  await place.ok('deploy', 'backup', '--no-start', '--', 'tar -czf backup.tar.gz documents')

  const app = await launchApp(place, panel, { words: ['--hidden'] })
  const item = await untilThere('the icon', async () => (await panel.icons())[0])
  expect(await item.pid()).toBe(app.pid)
  await eventually(() => item.tooltip()).toBe('3 running, 1 stopped')
  const menu = new PanelMenu(panel, item)
  await menu.icon()
  await take('panel', topRight(420, 40))

  const { pid } = await place.ship('web')
  await menu.open('web:', 'Stop')
  await take('menu', topRight(520, 340))
  await panel.clickHere()
  await menu.gone()
  await eventually(() => isThere(pid ?? 0)).toBe(false)
  await place.until('web', 'stopped')
  await menu.pick('web:', 'Start')
  await place.until('web', 'running')

  await place.keelan([
    'deploy',
    'mailer',
    '--restart',
    'no',
    '--',
    'echo "connecting to smtp.example.com"; sleep 1; echo "550 no such mailbox"; exit 7',
  ])
  const bubble = await untilThere('the bubble', async () => (await panel.windows('Dunst'))[0])
  await take('notification', topRight(520, 180))
  expect(app.electron.windows()).toEqual([])
  await panel.click(bubble.x + bubble.width / 2, bubble.y + bubble.height / 2)
  const window = await app.window()
  await window.getByRole('heading', { level: 1, name: 'mailer' }).waitFor()
  await window.getByText('550 no such mailbox').first().waitFor()
  await eventually(() => panel.windows('Dunst')).toEqual([])
  await take('log')
  await window.evaluate(`location.hash = '/ships'`)
  await window.getByRole('row', { name: /clock/ }).waitFor()
  // The first figures of what ships use.
  await eventually(() => window.getByRole('row', { name: /web/ }).textContent()).toMatch(/ %/)
  await take('ships')
  await place.client.call('changeSettings', { body: { theme: 'dark' } })
  await window.locator('html[data-theme=dark]').waitFor()
  await take('ships-dark')
  await window.close()
  await menu.clickIcon()
  await app.window()

  const ended = app.pid
  await menu.pick('Quit and stop all ships…')
  const question = () => panel.windows('electron|keelan')
  const dialog = await untilThere('the question', async () => (await question()).find(({ width }) => width < 800))
  await take('question')
  expect(dialog.height).toBeGreaterThan(0)
  await panel.key('Escape')
  await eventually(async () => (await question()).filter(({ width }) => width < 800)).toEqual([])
  expect([isThere(ended), (await place.ship('web')).status]).toEqual([true, 'running'])
  await menu.pick('Quit and stop all ships…')
  await untilThere('the question', async () => (await question()).find(({ width }) => width < 800))
  // From "Cancel", where it begins, to the other button.
  await panel.key('Tab')
  await panel.key('Return')
  await eventually(() => isThere(ended)).toBe(false)
  const { ships } = await place.client.call('listShips')
  expect(ships.map(({ status }) => status)).not.toContain('running')
})

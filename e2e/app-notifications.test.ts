import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { type App, launchApp } from './testing/desktop/app.ts'
import { sharedDesktop } from './testing/desktop/desktop.ts'
import { inWords, type Shown } from './testing/desktop/notification-server.ts'
import { commandOf, killIfThere, processesWhere, standing } from './testing/processes.ts'
import { untilThere } from './testing/until-there.ts'
import { eventually, workplace, type Workplace } from './testing/workplace.ts'

const desktop = await sharedDesktop()
let place: Workplace
beforeEach(() => {
  place = workplace({ env: desktop.env })
})

/** What was shown about this workplace so far, by its helper or its app. */
const shown = (): Shown[] => desktop.notifications.shown.slice(before)
let before = 0
beforeEach(() => void (before = desktop.notifications.shown.length))

const hidden = async (): Promise<App> => {
  const app = await launchApp(place, desktop, { words: ['--hidden'] })
  await eventually(async () => (await app.icon()).tooltip()).not.toMatch('helper')
  return app
}

/** All that was told once nothing more is to be: what is told in order has come to what was asked for last. */
async function allTold(): Promise<Shown[]> {
  const isTest = ({ summary }: Shown): boolean => summary === 'Notifications arrive'
  const tests = shown().filter(isTest).length
  await place.client.call('testNotification')
  await eventually(() => shown().filter(isTest).length).toBe(tests + 1)
  return shown().filter((one) => !isTest(one))
}

const until = (words: string): Promise<Shown> =>
  untilThere(
    `a notification "${words}"`,
    () => shown().find(({ summary }) => summary.includes(words)),
    () => inWords(shown()),
  )

test('a program that exits with code 7 is told of once, with why and its last lines; a click opens its log', async () => {
  const app = await hidden()
  await place.ok(
    'deploy',
    'web',
    '--restart',
    'no',
    '--',
    'echo about to fail; sleep 1; echo "<b>bad</b> & over"; exit 7',
  )
  const told = await until('web')
  expect(told).toMatchObject({ pid: app.pid, app: 'Keelan', summary: 'web failed', hints: { urgency: 2 } })
  expect(told.body).toMatch(/^exited with code 7 after 1 s/)
  // As text, not as markup.
  expect(told.body).toContain('about to fail\n&lt;b&gt;bad&lt;/b&gt; &amp; over')
  expect(app.electron.windows()).toEqual([])
  desktop.notifications.click(told.id)
  const window = await app.window()
  await window.getByRole('heading', { level: 1, name: 'web' }).waitFor()
  await window.getByText('<b>bad</b> & over').first().waitFor()
  expect(inWords(await allTold())).toBe(inWords([told]))
})

test('a crash loop is told of once, and once more when it is over; what the person asked for never', async () => {
  await hidden()
  const often = ['--max-restarts', 'unlimited', '--backoff-initial', '50ms', '--backoff-factor', '1']
  await place.ok('deploy', 'loop', ...often, '--', 'exit 3')
  const first = await until('loop failed')
  await eventually(async () => (await place.ship('loop')).restarts).toBeGreaterThan(10)
  expect(inWords(shown())).toBe(inWords([first]))
  await place.ok('deploy', 'loop', '--replace', '--', 'exec sleep 1000')
  // Stopped, started and deployed anew by the person: no news.
  await place.ok('restart', 'loop')
  await place.ok('stop', 'loop')
  expect(inWords(await allTold())).toBe(inWords([first]))

  const fails = `[ -e ${place.folder}/once ] || { touch ${place.folder}/once; exit 4; }`
  await place.ok('deploy', 'heals', '--backoff-reset-after', '1s', '--', `${fails}; exec sleep 1000`)
  const failed = await until('heals failed')
  expect(failed.body).toMatch(/^exited with code 4/)
  const healed = await until('heals is running again')
  expect(inWords(await allTold())).toBe(inWords([first, failed, healed]))
})

test('more than three incidents within ten seconds become one summary', async () => {
  await hidden()
  const names = [1, 2, 3, 4, 5].map((n) => `mass-${n}`)
  for (const name of names) await place.ok('deploy', name, '--restart', 'no', '--', 'exec sleep 1000')
  const pids = await Promise.all(names.map(async (name) => (await place.ship(name)).pid ?? 0))
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  const told = await until('5 ships failed')
  expect(told.body.match(/^mass-\d failed \(.*SIGKILL.*$/gm)).toHaveLength(5)
  expect(inWords(await allTold())).toBe(inWords([told]))
})

test('a muted ship is not told of', async () => {
  await hidden()
  await place.client.call('changeSettings', { body: { mutedShips: ['quiet'] } })
  await place.keelan(['deploy', 'quiet', '--restart', 'no', '--', 'exit 5'])
  await place.until('quiet', 'failed')
  expect(inWords(await allTold())).toBe(inWords([]))
})

test('what fails while the app is away is told by the helper, not again by the app; its click starts the app there', async () => {
  const first = await hidden()
  const helper = place.helperPid()
  await first.quit()
  await place.ok('deploy', 'away', '--restart', 'no', '--', 'echo last words; sleep 1; exit 7')
  const told = await until('away failed')
  expect(told.pid).toBe(helper)
  expect(told.body).toMatch(/^exited with code 7 after 1 s[^]*last words$/)

  const second = await hidden()
  expect(inWords(await allTold())).toBe(inWords([told]))
  await second.quit()

  desktop.notifications.click(told.id)
  // Chromium shows its words in another order than they were given.
  const isApp = (pid: number): boolean => /^(?!.* --type=).*electron.* \/ships\/away\/log /.test(commandOf(pid))
  const pid = await untilThere('the app that the click starts', () => processesWhere(isApp)[0])
  onTestFinished(() => killIfThere(pid))
  await eventually(async () => (await desktop.tray.itemOf(pid)).tooltip()).toBe('1 failed: away')
  killIfThere(pid)
  await eventually(() => processesWhere((one) => standing(one).session === pid)).toEqual([])
})

test('an app that is killed after it claimed what to tell, and before it told it, leaves it to the helper', async () => {
  const app = await hidden()
  desktop.notifications.deafTo.add(app.pid)
  await place.ok('deploy', 'web', '--restart', 'no', '--', 'sleep 1; exit 7')
  await untilThere('the app’s try', () => desktop.notifications.unheard.find(({ pid }) => pid === app.pid))
  await app.kill()
  const told = await until('web failed')
  expect(told.pid).toBe(place.helperPid())
  expect(told.body).toMatch(/^exited with code 7 after 1 s/)
  await hidden()
  expect(inWords(await allTold())).toBe(inWords([told]))
})

test('what failed while neither app nor desktop was there is told as missed when the app starts', async () => {
  const { DBUS_SESSION_BUS_ADDRESS: _bus, ...nowhere } = place.env
  await place.keelan(['daemon', 'start'], {
    env: { ...nowhere, DBUS_SESSION_BUS_ADDRESS: '', XDG_RUNTIME_DIR: place.folder },
  })
  await place.ok('deploy', 'missed', '--restart', 'no', '--', 'sleep 1; exit 7')
  await place.until('missed', 'failed')
  const app = await launchApp(place, desktop, { words: ['--hidden'] })
  const told = await untilThere('it', () => shown().find(({ body, summary }) => /missed/.test(summary + body)))
  expect(told.pid).toBe(app.pid)
  expect(told.summary + told.body).toMatch(/exited with code 7 after 1 s/)
  expect(inWords(await allTold())).toBe(inWords([told]))
})

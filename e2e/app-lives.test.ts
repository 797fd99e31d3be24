import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { run } from './testing/commands.ts'
import { appCommand, appEnvironment, launchApp } from './testing/desktop/app.ts'
import { sharedDesktop } from './testing/desktop/desktop.ts'
import { eventually, isThere, workplace, type Workplace } from './testing/workplace.ts'

// What ends and what goes on: the app, its helper, and the ships, each without the others.

const desktop = await sharedDesktop()
const root = fileURLToPath(new URL('..', import.meta.url))

async function deploySleeper(place: Workplace): Promise<number> {
  await place.ok('deploy', 'sleeper', '--', 'exec sleep 1000')
  return (await place.until('sleeper', 'running')).pid ?? 0
}

/** A program to run the helper on that waits for `open()` before it does. */
function gatedNode(place: Workplace): { path: string; close: () => void; open: () => void } {
  const gate = join(place.folder, 'gate')
  const script = `#!/bin/sh\nwhile [ "$(cat '${gate}')" = closed ]; do sleep 0.05; done\nexec '${process.execPath}' "$@"\n`
  const open = (): void => writeFileSync(gate, 'open')
  open()
  return { path: place.write('gated-node', script, 0o755), open, close: () => writeFileSync(gate, 'closed') }
}

test('the app quits, is killed, and starts again; helper and ship stay as they are, with their pids', async () => {
  const place = workplace()
  const first = await launchApp(place, desktop, { words: ['--hidden'] })
  const icon = await first.icon()
  await eventually(() => icon.tooltip()).toBe('No ships yet')
  // Of the app's making, and a process of its own.
  const helper = place.helperPid()
  const ship = await deploySleeper(place)

  expect(await first.quit()).toBe(0)
  expect([helper, ship].map(isThere)).toEqual([true, true])

  const second = await launchApp(place, desktop, { words: ['--hidden'] })
  await eventually(async () => (await second.icon()).tooltip()).toBe('1 running')
  await second.kill()
  expect([helper, ship].map(isThere)).toEqual([true, true])

  const third = await launchApp(place, desktop, { words: ['--hidden'] })
  await eventually(async () => (await third.icon()).tooltip()).toBe('1 running')
  expect(place.helperPid()).toBe(helper)
  expect(await place.ship('sleeper')).toMatchObject({ status: 'running', pid: ship, restarts: 0 })
})

test('a second start brings up the window of the first one, at the place asked for, and ends', async () => {
  const place = workplace()
  const app = await launchApp(place, desktop, { words: ['--hidden'] })
  await deploySleeper(place)
  expect(app.electron.windows()).toEqual([])
  const startAgain = async (...words: string[]) =>
    run([...(await appCommand()), ...words], { cwd: place.folder, env: appEnvironment(place, desktop) })

  expect(await startAgain()).toMatchObject({ code: 0 })
  const window = await app.window()
  await window.getByRole('heading', { level: 1, name: 'Ships' }).waitFor()
  expect(await startAgain('--go', '/ships/sleeper/log')).toMatchObject({ code: 0 })
  await window.getByRole('heading', { level: 1, name: 'sleeper' }).waitFor()
  expect(app.electron.windows()).toEqual([window])
})

test('while a helper that was killed is away, the window says so and keeps what it knew, and picks up by itself', async () => {
  const place = workplace()
  const node = gatedNode(place)
  const app = await launchApp(place, desktop, { env: { KEELAN_NODE: node.path } })
  const window = await app.window()
  await window.getByText('Helper running').first().waitFor()
  const ship = await deploySleeper(place)
  const row = window.getByRole('row', { name: /sleeper/ })
  await row.getByText('running', { exact: false }).first().waitFor()

  node.close()
  const helper = place.helperPid()
  await place.killHelper()
  await window
    .getByText(/^Helper (away|is starting)$/)
    .first()
    .waitFor()
  await eventually(async () => (await app.icon()).tooltip()).toMatch(/helper is (away|starting)/i)
  expect(await row.isVisible()).toBe(true)
  expect(isThere(ship)).toBe(true)

  node.open()
  await window.getByText('Helper running').first().waitFor()
  expect(place.helperPid()).not.toBe(helper)
  // And what happens from now on arrives.
  await place.ok('stop', 'sleeper')
  await row.getByText('stopped', { exact: false }).first().waitFor()
})

test('a helper that was stopped on purpose stays so, whatever the app does, until the person starts it', async () => {
  const place = workplace()
  const app = await launchApp(place, desktop, { words: ['--hidden'] })
  const ship = await deploySleeper(place)
  const icon = await app.icon()
  await place.ok('daemon', 'stop')
  await eventually(() => icon.tooltip()).toMatch('stopped')
  await icon.activate()
  const window = await app.window()
  await window.getByText('Helper stopped').first().waitFor()
  expect((await place.keelan(['daemon', 'status'])).code).not.toBe(0)
  expect(isThere(ship)).toBe(true)
  await icon.click('Start helper')
  await window.getByText('Helper running').first().waitFor()
  await eventually(() => icon.tooltip()).toBe('1 running')
  expect(await place.ship('sleeper')).toMatchObject({ status: 'running', pid: ship, restarts: 0 })
})

test('a helper that does not stay up is started five times, then the person is told; one started by hand is taken up', async () => {
  const place = workplace()
  const app = await launchApp(place, desktop, { words: ['--hidden'], env: { KEELAN_NODE: '/bin/false' } })
  const told = await desktop.notifications.until(({ pid }) => pid === app.pid)
  expect(told.summary).toBe('The helper does not stay up')
  const icon = await app.icon()
  await eventually(() => icon.tooltip()).toMatch('does not stay up')
  desktop.notifications.click(told.id)
  await (await app.window()).getByRole('heading', { level: 1, name: 'Helper' }).waitFor()
  await place.ok('daemon', 'start')
  await eventually(() => icon.tooltip()).toBe('No ships yet')
})

test('a helper of an older version is replaced by the app’s own, and the ships run on', async () => {
  const place = workplace()
  const older = join(place.folder, 'older')
  mkdirSync(older)
  for (const part of ['dist/helper', 'helper/shim']) cpSync(join(root, part), join(older, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(older, 'node_modules'))
  writeFileSync(join(older, 'package.json'), JSON.stringify({ name: 'keelan', type: 'module', version: '0.0.1' }))
  const cli = join(older, 'dist/helper/cli/main.js')
  expect(await run([process.execPath, cli, 'daemon', 'start'], { env: place.env })).toMatchObject({ code: 0 })
  const helper = place.helperPid()
  const ship = await deploySleeper(place)
  expect(await place.client.call('getHelper')).toMatchObject({ version: '0.0.1', pid: helper })

  const app = await launchApp(place, desktop, { words: ['--hidden'] })
  await eventually(() => place.client.call('getHelper').catch(() => null)).toMatchObject({
    version: await app.electron.evaluate(({ app: electronApp }) => electronApp.getVersion()),
  })
  expect(isThere(helper)).toBe(false)
  await eventually(async () => (await app.icon()).tooltip()).toBe('1 running')
  expect(await place.ship('sleeper')).toMatchObject({ status: 'running', pid: ship, restarts: 0 })
})

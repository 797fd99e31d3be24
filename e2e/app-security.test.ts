import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { run } from './testing/commands.ts'
import { appCommand, appEnvironment, sharedApp } from './testing/desktop/app.ts'
import { sharedDesktop } from './testing/desktop/desktop.ts'
import { sharedWorkplace } from './testing/workplace.ts'

const desktop = await sharedDesktop()
const place = sharedWorkplace()
const app = await sharedApp(place, desktop)
const preload = fileURLToPath(new URL('../dist/src/preload/preload.cjs', import.meta.url))
let window: Page
beforeAll(async () => {
  window = await app.window()
  await window.getByText('Helper running').first().waitFor()
  await place.ok('deploy', 'web', '--', 'exec sleep 1000')
})

/** The status that the page's own fetch of an address gives, and the code in it; `failed` if it is not even sent. */
const fetched = (address: string, init: { method?: string } = {}) =>
  window.evaluate(
    async ([url, options]) =>
      await fetch(url, options).then(
        async (reply) => [reply.status, /"code":"(\w+)"/.exec(await reply.text())?.[1] ?? ''] as const,
        () => 'failed' as const,
      ),
    [address, init] as const,
  )

test('a page has the calls of the contract, and nothing of Node or Electron', async () => {
  expect(
    await window.evaluate(() => ({
      node: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer'].filter((name) => name in globalThis),
      keelan: Object.keys((globalThis as unknown as { keelan: object }).keelan).toSorted(),
    })),
  ).toEqual({
    node: [],
    keelan: [
      'choose',
      'helperState',
      'notificationsWork',
      'onGo',
      'onHelperState',
      'pathOf',
      'restartHelper',
      'setStartAtLogin',
      'show',
      'startAtLogin',
      'startHelper',
      'stopHelper',
      'version',
    ],
  })
  const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
    const [contents] = BrowserWindow.getAllWindows().map(({ webContents }) => webContents)
    // Not in the types.
    return (contents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
  })
})

test('only the contract’s routes go through to the helper, and only files of the pages are served', async () => {
  expect(await fetched('/v1/ships')).toEqual([200, ''])
  for (const address of [
    '/v1/nothing',
    '/v1/ships/web/',
    '/v1//ships',
    '/v1/ships/..%2f..%2fhelper',
    '/v1/ships/UPPER',
    '/v1/ships/web%00',
  ]) {
    expect([address, await fetched(address)]).toEqual([address, [404, 'NOT_FOUND']])
  }
  expect(await fetched('/v1/ships', { method: 'DELETE' })).toEqual([404, 'NOT_FOUND'])
  for (const address of [
    '/../../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '/src/main/main.js',
  ]) {
    expect(JSON.stringify(await fetched(address))).toMatch(/^\[(400|404),/)
  }
})

test('nothing is reached outside: neither the network, this machine’s servers, files, nor other hosts of the scheme', async () => {
  let asked = 0
  const server = createServer((_, response) => {
    asked += 1
    response.setHeader('access-control-allow-origin', '*').end('reached')
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  for (const address of [
    `http://127.0.0.1:${port}/`,
    'https://example.com/',
    'file:///etc/passwd',
    'app://other/v1/ships',
  ])
    expect([address, await fetched(address)]).toEqual([address, 'failed'])
  // Past the page's own policy, the fence of its session stands.
  const past = await app.electron.evaluate(
    async ({ session }, url) =>
      await session
        .fromPartition('persist:keelan')
        .fetch(url)
        .then(() => 'reached', String),
    `http://127.0.0.1:${port}/`,
  )
  expect(past).not.toBe('reached')
  expect(asked).toBe(0)
})

test('text never becomes HTML or a script: the policy of the page forbids it', async () => {
  const faults = await window.evaluate(`
    [
      () => (document.createElement('div').innerHTML = '<b>x</b>'),
      () => document.body.insertAdjacentHTML('beforeend', '<img src="x">'),
      () => (document.createElement('script').textContent = 'alert(1)'),
    ].map((doing) => {
      try {
        doing()
        return 'allowed'
      } catch (error) {
        return error.name
      }
    })
  `)
  expect(faults).toEqual(['TypeError', 'TypeError', 'TypeError'])
})

test('no window opens, no page is gone to, no permission is given', async () => {
  const address = window.url()
  expect(await window.evaluate(`open('https://example.com/') === null`)).toBe(true)
  for (const to of ['https://example.com/', 'file:///etc/passwd', 'data:text/html,x']) {
    await window.evaluate(`{
      const link = document.createElement('a')
      link.href = '${to}'
      document.body.append(link)
      link.click()
      link.remove()
    }`)
  }
  const permissions = `Promise.all([
    Notification.requestPermission(),
    navigator.clipboard.readText().then(() => 'read', (error) => error.name),
    navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state),
  ])`
  expect(await window.evaluate(permissions)).toEqual(['denied', 'NotAllowedError', 'denied'])
  expect(app.electron.windows()).toEqual([window])
  expect(window.url()).toBe(address)
})

test('a page of another origin gets nothing and does nothing, not even in the window’s own session or with its preload', async () => {
  const { pid } = await place.ship('web')
  const outcomes = await app.electron.evaluate(async ({ BrowserWindow }, file) => {
    const script = `Promise.all([
      fetch('app://keelan/v1/ships').then((reply) => reply.text(), String),
      fetch('app://keelan/v1/ships/web/stop', { method: 'POST', mode: 'no-cors' }).then((reply) => reply.type, String),
      globalThis.keelan ? globalThis.keelan.stopHelper().then(() => 'stopped', String) : 'no calls',
    ])`
    const tried: unknown[] = []
    for (const webPreferences of [
      {},
      { partition: 'persist:keelan' },
      { partition: 'persist:keelan', preload: file },
    ]) {
      const foreign = new BrowserWindow({ show: false, webPreferences })
      await foreign.loadURL('data:text/html,<title>foreign</title>')
      tried.push(await foreign.webContents.executeJavaScript(script))
      foreign.destroy()
    }
    return tried as string[][]
  }, preload)
  for (const [list, , call] of outcomes) {
    expect(list).not.toContain('"ships"')
    expect(call).toMatch(/^(no calls|Error: .*refused)/)
  }
  expect(await place.ship('web')).toMatchObject({ status: 'running', pid })
  await place.client.call('getHelper')
})

test('a deep link fills in the form and does nothing more', async () => {
  const link = 'keelan://deploy?name=linked&command=touch%20/tmp/never'
  expect(
    await run([...(await appCommand()), link], { cwd: place.folder, env: appEnvironment(place, desktop) }),
  ).toMatchObject({
    code: 0,
  })
  await window.getByText('Filled in by a link.').waitFor()
  expect(await window.getByRole('textbox', { name: /^Name/ }).inputValue()).toBe('linked')
  const { ships } = await place.client.call('listShips')
  expect(ships.map(({ name }) => name)).toEqual(['web'])
  // A link of another kind is not even shown.
  const odd = 'keelan://ships/web/stop'
  await run([...(await appCommand()), odd], { cwd: place.folder, env: appEnvironment(place, desktop) })
  expect(await place.ship('web')).toMatchObject({ status: 'running' })
})

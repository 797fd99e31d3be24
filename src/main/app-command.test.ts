import { expect, test } from 'vitest'
import { appCommand, canBePassedOn, desktopApp, givenWords } from './app-command.ts'

const running = {
  execPath: '/opt/keelan/keelan',
  appPath: '/opt/keelan/app.asar',
  argv: ['/opt/keelan/keelan'],
  environment: {},
}

test('an installed app is started by its own binary', () => {
  expect(appCommand({ ...running, isPackaged: true })).toEqual(['/opt/keelan/keelan'])
})

test('an AppImage is started by its file, since its binary is gone once it ends', () => {
  expect(appCommand({ ...running, isPackaged: true, environment: { APPIMAGE: '/home/ada/Keelan.AppImage' } })).toEqual([
    '/home/ada/Keelan.AppImage',
  ])
})

test('in development the runtime starts the folder, as root without the sandbox again', () => {
  const electron = { execPath: '/cache/electron', appPath: '/srv/keelan/', environment: {}, isPackaged: false }
  expect(appCommand({ ...electron, argv: ['electron', '/srv/keelan'] })).toEqual(['/cache/electron', '/srv/keelan'])
  expect(appCommand({ ...electron, argv: ['electron', '--no-sandbox', '/srv/keelan'] })).toEqual([
    '/cache/electron',
    '--no-sandbox',
    '/srv/keelan',
  ])
})

test('what was given is what comes after the program and, in development, without the folder', () => {
  expect(givenWords(['/opt/keelan/keelan', 'keelan://ship/web'], true)).toEqual(['keelan://ship/web'])
  expect(givenWords(['electron', '--no-sandbox', '/srv/keelan', '--go', '/ships'], false)).toEqual([
    '--no-sandbox',
    '--go',
    '/ships',
  ])
  expect(givenWords(['electron'], false)).toEqual([])
})

test('the helper is told how to start the app on this desktop, and nothing else of its environment', () => {
  const environment = { DISPLAY: ':1', KEELAN_NODE: '/usr/bin/node', PATH: '/bin', SECRET: 'x', WAYLAND_DISPLAY: '' }
  expect(JSON.parse(desktopApp(['/opt/keelan/keelan'], environment))).toEqual({
    command: ['/opt/keelan/keelan'],
    env: { DISPLAY: ':1', KEELAN_NODE: '/usr/bin/node' },
  })
})

test('what is too long for the first app to be told of is known, whatever it is written in', () => {
  expect(canBePassedOn(['keelan', `keelan://deploy?command=${'x'.repeat(4_096)}`], '/home/ada')).toBe(true)
  expect(canBePassedOn(['keelan', `keelan://${'x'.repeat(8_192)}`], '/home/ada')).toBe(false)
  expect(canBePassedOn(['keelan', 'é'.repeat(4_096)], '/home/ada')).toBe(false)
  expect(canBePassedOn(['keelan'], `/${'x'.repeat(8_192)}`)).toBe(false)
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { busAddresses } from './session-bus.ts'

const folder = mkdtempSync(join(tmpdir(), 'keelan-bus-addresses-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A folder with something called `bus` in it, as XDG_RUNTIME_DIR has. */
function runtimeFolder(name: string): string {
  mkdirSync(join(folder, name))
  writeFileSync(join(folder, name, 'bus'), '')
  return join(folder, name)
}

test('a bus is looked for where the helper was told, then where the app was, then where logins have theirs', () => {
  const [mine, theirs] = [runtimeFolder('mine'), runtimeFolder('theirs')]
  const own = { DBUS_SESSION_BUS_ADDRESS: 'unix:abstract=/own', XDG_RUNTIME_DIR: mine }
  const app = { DBUS_SESSION_BUS_ADDRESS: 'unix:abstract=/app', XDG_RUNTIME_DIR: theirs }
  expect(busAddresses(own, app, undefined)).toEqual([
    'unix:abstract=/own',
    'unix:abstract=/app',
    `unix:path=${mine}/bus`,
    `unix:path=${theirs}/bus`,
  ])
})

test('a helper that was started without a desktop finds the one that the app was started on', () => {
  expect(busAddresses({}, { DBUS_SESSION_BUS_ADDRESS: 'unix:abstract=/app' }, undefined)).toEqual([
    'unix:abstract=/app',
  ])
})

test('a socket that is gone is left out, and no bus at all is looked for where that is said', () => {
  const app = { DBUS_SESSION_BUS_ADDRESS: 'unix:abstract=/app' }
  expect(busAddresses({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/gone` }, app, undefined)).toEqual([
    'unix:abstract=/app',
  ])
  expect(busAddresses({ DBUS_SESSION_BUS_ADDRESS: 'disabled:' }, app, undefined)).toEqual([])
})

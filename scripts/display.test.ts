import { expect, onTestFinished, test } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { startScreen } from '../e2e/testing/desktop/screen.ts'
import { screenFlags } from './display.mjs'

test('an X server that answers needs no flag, however its display is written; one that has ended is none', async () => {
  const screen = await startScreen()
  const [, number] = screen.display.split(':')
  for (const DISPLAY of [`:${number}`, `:${number}.0`, `unix:${number}`])
    expect(await screenFlags({ DISPLAY })).toEqual([])
  await screen.end()
  expect(await screenFlags({ DISPLAY: screen.display })).toBeNull()
})

test('without DISPLAY and WAYLAND_DISPLAY, or with nonsense in them, there is no screen', async () => {
  expect(await screenFlags({})).toBeNull()
  expect(await screenFlags({ DISPLAY: 'nonsense', WAYLAND_DISPLAY: 'wayland-0' })).toBeNull()
})

test('a Wayland compositor alone is asked for by a flag, its socket named by path or within the runtime folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-wayland-'))
  const compositor = createServer().listen(join(folder, 'wayland-7'))
  onTestFinished(() => {
    compositor.close()
    rmSync(folder, { recursive: true })
  })
  await once(compositor, 'listening')
  for (const env of [
    { WAYLAND_DISPLAY: 'wayland-7', XDG_RUNTIME_DIR: folder },
    { WAYLAND_DISPLAY: join(folder, 'wayland-7') },
  ]) {
    expect(await screenFlags(env)).toEqual(['--ozone-platform=wayland'])
  }
})

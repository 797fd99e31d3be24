import { writeFileSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openingBounds, readWindowPlace, usualSize, type Rectangle } from './window-place.ts'

const screen: Rectangle = { x: 0, y: 32, width: 1920, height: 1048 }
const left: Rectangle = { x: -1280, y: 0, width: 1280, height: 1024 }
const at = (x: number, y: number, width = 900, height = 600) => ({ bounds: { x, y, width, height }, maximized: false })

test('the first window has the usual size, where the desktop puts it', () => {
  expect(openingBounds(null, [screen])).toEqual(usualSize)
})

test('a window opens as it was closed', () => {
  expect(openingBounds(at(100, 200), [screen])).toEqual({ x: 100, y: 200, width: 900, height: 600 })
  expect(openingBounds(at(-1000, 20), [screen, left])).toEqual({ x: -1000, y: 20, width: 900, height: 600 })
})

test('a window on a screen that is gone opens where the desktop puts it', () => {
  expect(openingBounds(at(-1000, 200), [screen])).toEqual({ width: 900, height: 600 })
  expect(openingBounds(at(1900, 200), [screen])).toEqual({ width: 900, height: 600 })
})

test('a window whose upper edge is out of reach opens where the desktop puts it', () => {
  expect(openingBounds(at(100, -300), [screen])).toEqual({ width: 900, height: 600 })
})

test('a window is never larger than its screen, nor too small to be used', () => {
  expect(openingBounds(at(0, 32, 3840, 2160), [screen])).toMatchObject({ width: 1920, height: 1048 })
  expect(openingBounds(at(0, 32, 200, 120), [screen])).toMatchObject({ width: 520, height: 400 })
})

test('what cannot be read is as if nothing was remembered', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-window-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'window.json')
  expect(readWindowPlace(file)).toBeNull()
  for (const content of [
    '',
    '{',
    '{"bounds":{"x":1},"maximized":false}',
    '{"bounds":{"x":1,"y":1,"width":-5,"height":1},"maximized":true}',
  ]) {
    writeFileSync(file, content)
    expect(readWindowPlace(file)).toBeNull()
  }
  writeFileSync(file, JSON.stringify(at(1, 2)))
  expect(readWindowPlace(file)).toEqual(at(1, 2))
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { draw, pictures, trayStates } from './icons.mjs'
import { root } from './run.mjs'

const assets = join(root, 'assets')

/** The pixels of a PNG, as RGBA. */
function pixelsOf(file: string): Uint8Array {
  const png = readFileSync(file)
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  const href = `data:image/png;base64,${png.toString('base64')}`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><image width="${width}" height="${height}" href="${href}" style="image-rendering:optimizeSpeed"/></svg>`
  return draw(svg, width).pixels
}

test('every picture is what `npm run icons` makes of its SVG', () => {
  // Processors differ in the last bit of what they round.
  const tolerance = 2
  for (const { path, picture } of pictures()) {
    const committed = pixelsOf(join(assets, path))
    const made = picture.pixels
    expect(committed.length, path).toBe(made.length)
    const off = made.reduce((most, value, at) => Math.max(most, Math.abs(value - (committed[at] ?? 0))), 0)
    expect(off, `${path} is not up to date: type \`npm run icons\``).toBeLessThanOrEqual(tolerance)
  }
})

test('there is no picture that is made from nothing', () => {
  const made = pictures().map(({ path }) => path)
  const there = readdirSync(assets, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.png'))
  expect(there.sort()).toEqual(made.sort())
})

/** Which pixels of a picture are covered at least by half. */
const shape = (file: string): boolean[] =>
  [...pixelsOf(join(assets, 'tray', file))].flatMap((value, at) => (at % 4 === 3 ? [value > 127] : []))

test('the tray’s states can be told by their shapes alone, at the smallest size too', () => {
  const shapes = trayStates.map((state) => shape(`${state}Template.png`))
  for (const [at, one] of shapes.entries()) {
    for (const other of shapes.slice(at + 1)) {
      const different = one.filter((covered, pixel) => covered !== other[pixel]).length
      // A tenth of the 18 x 18 pixels
      expect(different).toBeGreaterThan(32)
    }
  }
})

test('pictures that the system colours hold black and nothing else', () => {
  for (const state of trayStates) {
    const pixels = [...pixelsOf(join(assets, 'tray', `${state}Template@2x.png`))]
    expect(pixels.filter((value, at) => at % 4 !== 3 && value > 0)).toEqual([])
    expect(pixels.some((value, at) => at % 4 === 3 && value === 255)).toBe(true)
  }
})

// @ts-check
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Resvg } from '@resvg/resvg-js'
import { root } from './run.mjs'

export const trayStates = ['well', 'starting', 'failed', 'away']
const appSizes = [16, 22, 24, 32, 48, 64, 128, 256, 512, 1024]

/**
 * A tray icon for a menu bar that colours it itself (macOS): the ship alone, in black, as large as the picture.
 * @param {string} svg
 */
const asTemplate = (svg) =>
  svg
    .replace('viewBox="0 0 48 48"', 'viewBox="2 1.5 44 44"')
    .replace(/<rect [^>]*>/, '')
    .replaceAll(/fill="#[0-9a-f]+"/g, 'fill="#000"')

/**
 * Draws an SVG as wide as `width` pixels.
 * @param {string} svg
 * @param {number} [width] its own width unless given
 */
export const draw = (svg, width) =>
  new Resvg(svg, {
    font: { loadSystemFonts: false },
    ...(width && { fitTo: { mode: 'width', value: width } }),
  }).render()

/** Every PNG that is made from an SVG in assets/: its path in there, and the picture. */
export function pictures() {
  /** @param {string} path */
  const source = (path) => readFileSync(join(root, 'assets', path), 'utf8')
  const app = source('icon.svg')
  return [
    ...appSizes.map((size) => ({ path: `icons/${size}x${size}.png`, picture: draw(app, size) })),
    ...trayStates.flatMap((state) => {
      const svg = source(`tray/${state}.svg`)
      return [
        { path: `tray/${state}.png`, picture: draw(svg, 24) },
        { path: `tray/${state}@2x.png`, picture: draw(svg, 48) },
        { path: `tray/${state}Template.png`, picture: draw(asTemplate(svg), 18) },
        { path: `tray/${state}Template@2x.png`, picture: draw(asTemplate(svg), 36) },
      ]
    }),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { path, picture } of pictures()) {
    const file = join(root, 'assets', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, picture.asPng())
  }
}

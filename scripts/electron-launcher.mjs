// @ts-check
import { app } from 'electron'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

// Copied into the stand-in runtime, where it does what the official Electron does with a folder on its command line: it
// runs the app there, under that app's own name.

const folder = process.argv.slice(1).find((word) => !word.startsWith('-'))
if (!folder) {
  console.error('electron: give the folder of the app')
  process.exit(1)
}
const appFolder = resolve(folder)
const { name, productName, version, desktopName, main } = JSON.parse(
  readFileSync(join(appFolder, 'package.json'), 'utf8'),
)
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
/** Two calls that are for launchers alone, and in no type. @typedef {{ setVersion(to: string): void, setAppPath(to: string): void }} ForLaunchers */
const launched = /** @type {typeof app & ForLaunchers} */ (app)
launched.setVersion(version)
launched.setName(productName ?? name)
launched.setDesktopName(desktopName ?? `${app.getName()}.desktop`)
launched.setAppPath(appFolder)
await import(pathToFileURL(join(appFolder, main)).href)

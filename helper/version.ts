import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Keelan's version: that of the nearest package.json above this file, beside `helper/` in the sources and above `dist/` when built. */
export function version(): string {
  let folder = new URL('.', import.meta.url)
  while (!existsSync(new URL('package.json', folder)) && fileURLToPath(folder) !== '/') folder = new URL('..', folder)
  const content = readFileSync(new URL('package.json', folder), 'utf8')
  return String((JSON.parse(content) as { version: unknown }).version)
}

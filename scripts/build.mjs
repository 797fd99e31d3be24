// @ts-check
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPages, buildPreload } from './bundle.mjs'
import { fail, root, run } from './run.mjs'

const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')]

/**
 * Builds everything into dist/. What did not change is not written again, so a running helper is not disturbed.
 * Returns whether all of it could be built; when types are wrong, the code is there nevertheless, as a test runner wants it.
 */
export function build() {
  if (!existsSync(join(root, 'node_modules/typescript'))) fail('the packages are not installed: type `npm ci` first')
  const typesAreRight = run(process.execPath, tsc)
  const bundlesAreThere = [buildPreload(), buildPages()].every(Boolean)
  removeLeftovers()
  const cli = join(root, 'dist/helper/cli/main.js')
  if (existsSync(cli)) chmodSync(cli, 0o755)
  if (!run(process.execPath, ['scripts/build-shim.mjs'])) fail('the shim could not be compiled, see above')
  return typesAreRight && bundlesAreThere
}

/** tsc leaves behind what it made of a file that is gone or no longer part of the build; it would go into the package. */
function removeLeftovers() {
  const sources = execFileSync(process.execPath, [...tsc, '--listFilesOnly'], { encoding: 'utf8' }).split('\n')
  const wanted = new Set(sources.map((path) => relative(root, path).replace(/\.ts$/, '.js')))
  for (const room of ['helper', 'src/main']) {
    const folder = join(root, 'dist', room)
    if (!existsSync(folder)) continue
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (path.endsWith('.js') && !wanted.has(join(room, path))) rmSync(join(folder, path), { force: true })
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = build() ? 0 : 1

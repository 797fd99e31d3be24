// @ts-check
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { electronPath } from './electron.mjs'
import { fail, root, run } from './run.mjs'
import { sandboxFlags } from './start-app.mjs'
import { neededForDesktop, neededToRun, requireSystem } from './system.mjs'

// The benchmark is in e2e/bench/; what it measures is the built command, as a person runs it.
const compiler = join(root, 'node_modules/typescript/bin/tsc')
if (!build() || !run(process.execPath, [compiler, '-p', 'e2e/bench'])) fail('the build failed, see above')
// dist/ is what is published, and this is nobody's who installs Keelan.
writeFileSync(join(root, 'dist/bench/.npmignore'), '*\n')

const { bench } = await import(pathToFileURL(join(root, 'dist/bench/e2e/bench/main.js')).href)
process.exitCode = await bench(process.argv.slice(2), async () => {
  requireSystem([...neededToRun, ...neededForDesktop])
  return [await electronPath(), ...sandboxFlags(), root]
})

// @ts-check
import { screenFlags } from './display.mjs'
import { build } from './build.mjs'
import { installPackages } from './packages.mjs'
import { fail, run } from './run.mjs'
import { neededToBuild, neededToRun, requireSystem } from './system.mjs'

const nextCommands = `
Next, from this folder ("npm link", with sudo where Node belongs to the system, makes it plain "keelan" everywhere):
  npx keelan deploy web -- python3 -u -m http.server 8000
  npx keelan ls
  npx keelan logs web -f
  npx keelan --help
`

const flags = await screenFlags()
requireSystem(flags ? [...neededToBuild, ...neededToRun] : neededToBuild)
installPackages()
if (!build()) fail('the build failed, see above')

/** @param {string} subcommand */
const daemon = (subcommand) => run(process.execPath, ['dist/helper/cli/main.js', 'daemon', subcommand])
if (!daemon('start')) fail('the helper did not start, see above')
if (!daemon('status')) fail('the helper does not answer, see above')
console.log(nextCommands)

if (flags) {
  // Its parts are packages that were installed only now.
  const { startApp } = await import('./start-app.mjs')
  await startApp(flags)
} else {
  console.log('There is no display here, so the app was not started; the helper runs without it.')
}

// @ts-check
import { build } from './build.mjs'
import { installPackages } from './packages.mjs'
import { fail, run } from './run.mjs'
import { neededToBuild, requireSystem } from './system.mjs'

const nextCommands = `
Next, from this folder ("npm link", with sudo where Node belongs to the system, makes it plain "keelan" everywhere):
  npx keelan deploy web -- python3 -m http.server 8000
  npx keelan ls
  npx keelan logs web -f
  npx keelan --help
`

requireSystem(neededToBuild)
installPackages()
if (!build()) fail('the build failed, see above')

/** @param {string} subcommand */
const daemon = (subcommand) => run(process.execPath, ['dist/helper/cli/main.js', 'daemon', subcommand])
if (!daemon('start')) fail('the helper did not start, see above')
if (!daemon('status')) fail('the helper does not answer, see above')
console.log(nextCommands)

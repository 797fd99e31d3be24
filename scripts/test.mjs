// @ts-check
import { check } from './check.mjs'
import { installPackages } from './packages.mjs'
import { neededToTest, requireSystem } from './system.mjs'

requireSystem(neededToTest)
installPackages()
// vitest's global setup builds.
process.exitCode = check(process.argv.slice(2)) ? 0 : 1

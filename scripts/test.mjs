// @ts-check
import { check } from './check.mjs'
import { installPackages } from './packages.mjs'
import { fail } from './run.mjs'
import { neededToTest, requireSystem } from './system.mjs'

requireSystem(neededToTest)
installPackages()
// Once for all tests that run the app. Its parts are packages that were installed only now.
const { electronPath } = await import('./electron.mjs')
await electronPath().catch((error) => fail(error.message))
// vitest's global setup builds.
process.exitCode = check(process.argv.slice(2)) ? 0 : 1

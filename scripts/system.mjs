// @ts-check
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fail, run } from './run.mjs'

/** @typedef {{ name: string, debianPackage: string, isThere: () => boolean }} Need */

/** @param {string} name */
function onPath(name) {
  // An ordinary user's PATH on Debian lacks the sbin folders.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** @param {string} name @param {string} [debianPackage] @returns {Need} */
const command = (name, debianPackage = name) => ({ name, debianPackage, isThere: () => onPath(name) })

/** @type {Need} */
const cHeaders = {
  name: 'the C library’s headers',
  debianPackage: 'libc6-dev',
  isThere: () => spawnSync('cc', ['-E', '-x', 'c', '-'], { input: '#include <stdio.h>\n' }).status === 0,
}

/** For the shim and, where sqlite3's prebuilt binary cannot be downloaded, for sqlite3 (node-gyp). */
export const neededToBuild = [command('cc', 'gcc'), command('g++'), command('make'), command('python3'), cHeaders]

/** What the tests use besides. */
export const neededToTest = [
  ...neededToBuild,
  command('clang'),
  command('valgrind'),
  command('curl'),
  command('zsh'),
  command('fish'),
  command('ps', 'procps'),
  command('setpriv', 'util-linux'),
  command('unshare', 'util-linux'),
  command('mount'),
  command('mkfs.ext4', 'e2fsprogs'),
]

/**
 * Sees to it that everything is there: installs it (root on Debian or Ubuntu), or says what to type and ends the process.
 * @param {readonly Need[]} needs
 */
export function requireSystem(needs) {
  const missing = needs.filter((need) => !need.isThere())
  if (missing.length === 0) return
  const names = missing.map((need) => need.name).join(', ')
  if (!onPath('apt-get')) fail(`missing on this system: ${names}. Install them and try again.`)

  const packages = [...new Set(missing.map((need) => need.debianPackage))]
  if (process.getuid?.() !== 0) {
    fail(`missing on this system: ${names}. To install them:\n  sudo apt-get install -y ${packages.join(' ')}`)
  }
  console.log(`Missing on this system: ${names}. Installing with apt-get: ${packages.join(' ')}`)
  const environment = { DEBIAN_FRONTEND: 'noninteractive' }
  const installed =
    run('apt-get', ['update'], environment) &&
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], environment)
  if (!installed) fail(`apt-get could not install ${packages.join(' ')}`)
}

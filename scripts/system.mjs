// @ts-check
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
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

/** Names of the libraries that the loader finds; empty where that cannot be asked. */
let libraries = ''

/** @param {string} name as the loader knows it @param {string} debianPackage @returns {Need} */
const library = (name, debianPackage) => ({
  name,
  debianPackage,
  isThere: () => {
    if (process.platform !== 'linux') return true
    libraries ||= spawnSync('ldconfig', ['-p'], { encoding: 'utf8', env: { PATH: '/usr/sbin:/sbin' } }).stdout ?? ''
    // Systems that keep no such list (Alpine, NixOS) say it when the app starts.
    return libraries === '' || libraries.includes(`\t${name} `)
  },
})

/** @param {string} path @param {string} debianPackage @returns {Need} */
const folder = (path, debianPackage) => ({ name: path, debianPackage, isThere: () => existsSync(path) })

/** For the shim and, where sqlite3's prebuilt binary cannot be downloaded, for sqlite3 (node-gyp). */
export const neededToBuild = [command('cc', 'gcc'), command('g++'), command('make'), command('python3'), cHeaders]

/** For the app, which is run where there is a display. */
export const neededToRun = [
  library('libgtk-3.so.0', 'libgtk-3-0'),
  library('libnss3.so', 'libnss3'),
  library('libasound.so.2', 'libasound2'),
  library('libgbm.so.1', 'libgbm1'),
  library('libXss.so.1', 'libxss1'),
  library('libnotify.so.4', 'libnotify4'),
  library('libatk-bridge-2.0.so.0', 'libatk-bridge2.0-0'),
  library('libdrm.so.2', 'libdrm2'),
]

/** A screen and a desktop of the tests' own. */
export const neededForDesktop = [
  command('Xvfb', 'xvfb'),
  command('dbus-daemon', 'dbus'),
  command('xfce4-panel'),
  command('xfconf-query', 'xfconf'),
  command('xfwm4'),
  command('dunst'),
  command('xdotool'),
  command('import', 'imagemagick'),
  command('desktop-file-validate', 'desktop-file-utils'),
  folder('/usr/share/icons/Adwaita', 'adwaita-icon-theme'),
  folder('/usr/share/icons/hicolor', 'hicolor-icon-theme'),
  folder('/usr/share/fonts/truetype/dejavu', 'fonts-dejavu-core'),
]

/** What the tests use besides. */
export const neededToTest = [
  ...neededToBuild,
  ...neededToRun,
  ...neededForDesktop,
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
    fail(
      `missing on this system: ${names}. To install them:\n  sudo apt-get install -y ${packages.map(debianName).join(' ')}`,
    )
  }
  console.log(`Missing on this system: ${names}. Installing with apt-get: ${packages.join(' ')}`)
  const environment = { DEBIAN_FRONTEND: 'noninteractive' }
  const installed =
    run('apt-get', ['update'], environment) &&
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages.map(debianName)], environment)
  if (!installed) fail(`apt-get could not install ${packages.join(' ')}`)
}

/** Debian 13 and Ubuntu 24.04 gave some libraries a new name, for their 64-bit time. @param {string} name */
const debianName = (name) =>
  name.startsWith('lib') && spawnSync('apt-cache', ['show', `${name}t64`]).status === 0 ? `${name}t64` : name

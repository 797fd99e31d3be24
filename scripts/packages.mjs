// @ts-check
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail, root, run } from './run.mjs'

/** Installs what package-lock.json names, unless it is there already. */
export function installPackages() {
  if (!lockedPackagesAreThere()) {
    console.log('Installing packages (npm ci); sqlite3 may take a minute to compile.')
    // Without these a person's own settings (production only, no scripts) would leave out what the build needs.
    if (!run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], nodeHeaders())) fail('npm ci failed, see above')
  }
  if (!sqlite3IsCompiled()) {
    console.log('npm did not run the install script of sqlite3 (ignore-scripts?); running that one.')
    const rebuilt = run('npm', ['rebuild', 'sqlite3', '--ignore-scripts=false'], nodeHeaders())
    if (!rebuilt || !sqlite3IsCompiled()) fail('sqlite3 could not be compiled; `npm rebuild sqlite3` shows why')
  }
}

/** Compares the lock file with npm's own note of what it installed; packages of other platforms are optional there. */
function lockedPackagesAreThere() {
  try {
    const installed = packagesOf('node_modules/.package-lock.json')
    return Object.entries(packagesOf('package-lock.json')).every(([path, wanted]) => {
      const found = installed[path]
      return path === '' || (found ? found.version === wanted.version : wanted.optional)
    })
  } catch {
    return false
  }
}

/** @param {string} lockFile @returns {Record<string, { version?: string, optional?: boolean }>} */
const packagesOf = (lockFile) => JSON.parse(readFileSync(join(root, lockFile), 'utf8')).packages

const sqlite3IsCompiled = () => existsSync(join(root, 'node_modules/sqlite3/build/Release/node_sqlite3.node'))

/** Node's headers where they came with this Node, so that node-gyp need not download them. */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath))
  return existsSync(join(prefix, 'include/node/node_api.h')) ? { npm_package_config_node_gyp_nodedir: prefix } : {}
}

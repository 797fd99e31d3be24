// @ts-check
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.mjs'

// What a window loads is bundled by Vite. That takes seconds, so it is done only when something it is made of has changed.

/** Other than their own folder: the contract, and every package in the version it is locked to. */
const shared = ['helper/api', 'src/preload/desktop.ts', 'package-lock.json']
/** In what was built: a fingerprint of what it was built from. */
const stamp = '.sources'

/** src/renderer, the pages, into dist/src/renderer. Returns whether they could be built. */
export const buildPages = () => bundle('src/renderer')

/** src/preload into the one CommonJS file that a sandboxed window can load. Returns whether it could be built. */
export const buildPreload = () => bundle('src/preload')

/**
 * Builds a folder, by its vite.config.ts, into the folder of that name in dist/, which is replaced as a whole.
 * @param {string} folder
 */
function bundle(folder) {
  const built = join(root, 'dist', folder)
  const sources = fingerprint([folder, ...shared])
  if (existsSync(join(built, stamp)) && readFileSync(join(built, stamp), 'utf8') === sources) return true
  const making = `${built}.${process.pid}.tmp`
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const words = [vite, 'build', folder, '--outDir', making, '--emptyOutDir', '--logLevel', 'warn']
  // A test runner that builds has set it to something else, and React would be the slow one for its developers.
  const done = run(process.execPath, words, { NODE_ENV: 'production' })
  if (done) {
    writeFileSync(join(making, stamp), sources)
    replace(built, making)
  }
  rmSync(making, { recursive: true, force: true })
  return done
}

/** @param {readonly string[]} paths files, and folders with all below them but the tests */
function fingerprint(paths) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap(filesBelow).toSorted()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** @param {string} path @returns {string[]} */
function filesBelow(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path]
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
}

/** In two steps, between which another build may come first: then its folder stays. @param {string} folder @param {string} by */
function replace(folder, by) {
  const old = `${by}.old`
  try {
    if (existsSync(folder)) renameSync(folder, old)
    renameSync(by, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
  rmSync(old, { recursive: true, force: true })
}

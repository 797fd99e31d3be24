import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from './run.mjs'

let folder: string
let packed: string[]

/** What `npm pack` makes, unpacked where npm would put it; its dependencies are this clone's, as sqlite3 takes a minute to compile. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelan-pack-'))
  // Without its scripts: the global setup has built already, and other tests are using that.
  const output = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)
  const [{ filename, files }] = JSON.parse(output) as [{ filename: string; files: { path: string }[] }]
  packed = files.map((file) => file.path)
  run('tar', ['-xzf', filename])
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
})

afterAll(() => rmSync(folder, { recursive: true }))

const run = (command: string, args: string[], cwd = folder) => execFileSync(command, args, { cwd, encoding: 'utf8' })

test('the package holds what it needs to run and to compile the shim, and no tests', () => {
  expect(packed).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'package.json',
      'dist/helper/cli/main.js',
      'dist/helper/daemon.js',
      'helper/shim/keelan-shim.c',
      'scripts/build-shim.mjs',
    ]),
  )
  expect(packed.filter((path) => /test|fixture|harness|\.ts$|tsbuildinfo/.test(path))).toEqual([])
})

test('keelan runs from the unpacked package, also through a link to it', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  symlinkSync('package/dist/helper/cli/main.js', join(folder, 'keelan'))
  expect(run('package/dist/helper/cli/main.js', ['--version'])).toBe(`${version}\n`)
  expect(run('./keelan', ['--version'])).toBe(`${version}\n`)
})

test('the package’s postinstall compiles the shim if none is there that runs', () => {
  const shim = join(folder, 'package/dist/helper/shim/keelan-shim')
  rmSync(shim, { force: true })
  run('npm', ['run', '--silent', 'postinstall'], join(folder, 'package'))
  expect(run(shim, ['--version'])).toMatch(/^keelan-shim /)
})

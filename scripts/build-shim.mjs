// Compiles the shim: helper/shim/keelan-shim.c to dist/helper/shim/keelan-shim. Runs before any dependency is installed.
//
//   node scripts/build-shim.mjs               unless what is there is newer than its source, and runs
//   node scripts/build-shim.mjs --if-missing  only if none is there that runs on this platform (npm's postinstall)
//   node scripts/build-shim.mjs --output FILE elsewhere, always (the tests: with CC and CFLAGS of their own)
//
// CC names the compiler (default: cc); CFLAGS is added.
import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'helper/shim/keelan-shim.c')
const linux = process.platform === 'linux'
/** @param {string | undefined} text */
const words = (text) => (text ?? '').split(/\s+/).filter(Boolean)

const compilerFlags = [
  ...words('-std=c11 -O2 -Wall -Wextra -Werror'),
  // Undefined first: some distributions' compilers define it themselves, which would be a warning.
  ...words('-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE'),
  ...words(linux ? '-pie -Wl,-z,relro,-z,now,-z,noexecstack' : ''),
]

/** @param {string} file */
const changed = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** @param {string} shim */
function runs(shim) {
  const { status, stdout } = spawnSync(shim, ['--version'], { encoding: 'utf8' })
  return status === 0 && stdout.startsWith('keelan-shim ')
}

/** @param {string} shim */
function isUpToDate(shim) {
  return changed(shim) > Math.max(changed(source), changed(fileURLToPath(import.meta.url))) && runs(shim)
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`build-shim: ${message}\n`)
  process.exit(1)
}

/** @param {string} shim */
function compile(shim) {
  mkdirSync(dirname(shim), { recursive: true })
  // Under another name first: the binary of a running shim cannot be written to, and a shim may be started meanwhile.
  const temporary = `${shim}.${process.pid}.tmp`
  const [compiler = 'cc', ...first] = words(process.env.CC)
  const flags = [...first, ...compilerFlags, ...words(process.env.CFLAGS)]
  const { error, status, stdout, stderr } = spawnSync(compiler, [...flags, '-o', temporary, source], {
    encoding: 'utf8',
  })
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  if (error || status !== 0) rmSync(temporary, { force: true })
  if (error) {
    fail(
      `there is no C compiler (${error.message}): install the package gcc with libc6-dev (Debian, Ubuntu: ` +
        'apt-get install gcc libc6-dev), gcc (Fedora, Arch), build-base (Alpine), or run xcode-select --install (macOS)',
    )
  }
  if (status !== 0)
    fail(`${compiler} could not compile ${relative(root, source)} (Debian, Ubuntu: is libc6-dev there?)`)
  renameSync(temporary, shim)
}

const { values } = parseArgs({ options: { 'if-missing': { type: 'boolean' }, output: { type: 'string' } } })
const shim = values.output ?? join(root, 'dist/helper/shim/keelan-shim')

// Windows has no shim: there the helper plays its part.
if (process.platform !== 'win32') {
  if (values.output || !(values['if-missing'] ? runs(shim) : isUpToDate(shim))) compile(shim)
}

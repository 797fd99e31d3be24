import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { lifeCases } from './life-cases.ts'
import { hasCommand, isLinux } from './machine.ts'
import { buildShim, buildShimTo, cleanUp, startShim, temporaryFolder } from './shim-harness.ts'

const folder = mkdtempSync(join(tmpdir(), 'keelan-builds-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** No sanitizer and no valgrind may have said a word. */
function expectNoReport(base: string): void {
  const reports = readdirSync(base).filter((name) => name.startsWith('report'))
  expect(reports.map((name) => readFileSync(join(base, name), 'utf8')).filter(Boolean)).toEqual([])
}

for (const compiler of ['gcc', 'clang']) {
  test.skipIf(!hasCommand(compiler))(`${compiler} compiles the shim without a warning (needs ${compiler})`, () => {
    const shim = buildShimTo(join(folder, compiler), compiler, '')
    expect(execFileSync(shim, ['--version'], { encoding: 'utf8' })).toBe('keelan-shim 1\n')
  })
}

describe.skipIf(!isLinux)('on a kernel without a list of children', () => {
  const binary = join(folder, 'no-children')
  beforeAll(() => void buildShimTo(binary, 'cc', `-DCHILDREN_FILE="/no/such"`))
  lifeCases(() => ({ binary }))
})

const sanitize = '-fsanitize=address,undefined -fno-sanitize-recover=all -U_FORTIFY_SOURCE -g'
const canSanitize = (() => {
  try {
    return Boolean(buildShimTo(join(folder, 'sanitized'), 'cc', sanitize))
  } catch {
    return false
  }
})()

describe.skipIf(!canSanitize)(
  'under the address and undefined behaviour sanitizers (needs libasan and libubsan)',
  () => {
    const report = join(folder, 'report')
    // Its search for leaks hangs when signals come at the very end; that is left to valgrind.
    const env = {
      ASAN_OPTIONS: `detect_leaks=0:log_path=${report}`,
      UBSAN_OPTIONS: `log_path=${report}:print_stacktrace=1`,
    }
    afterEach(() => expectNoReport(folder))
    lifeCases(() => ({ binary: join(folder, 'sanitized'), env }))
  },
)

describe.skipIf(!hasCommand('valgrind'))('under valgrind (needs valgrind)', () => {
  afterEach(cleanUp)

  test('a life with crashes, a wait, a failed start of its child and a stop has no error and no leak', async () => {
    const base = temporaryFolder()
    const log = `--log-file=${join(base, 'report.%p')}`
    const through = ['valgrind', '--quiet', '--error-exitcode=99', '--leak-check=full', log]
    const spec = {
      args: ['sh', '-c', 'setsid sleep 1000 & exit 1'],
      delays: [0, 10, 60_000],
      user: String(process.getuid!()),
    }
    const shim = startShim(spec, { base, through })
    await shim.line('wait', 2)
    expect(await shim.down()).toBe('end down')
    const failing = startShim({ args: ['no-such-program'] }, { base, id: 'id-2', through })
    await failing.exited
    expect(failing.events().at(-1)).toBe('end failed')
    expect([shim.exit, failing.exit]).toEqual([{ code: 0, signal: null }, { code: 0, signal: null }]) // prettier-ignore
    expectNoReport(base)
  })
})

describe('the build', () => {
  const root = join(import.meta.dirname, '../..')
  /** A checkout of its own, so that nothing is built twice at the same place. */
  function checkout(): string {
    const copy = temporaryFolder()
    for (const file of ['scripts/build-shim.mjs', 'helper/shim/keelan-shim.c']) {
      mkdirSync(join(copy, file, '..'), { recursive: true })
      copyFileSync(join(root, file), join(copy, file))
    }
    return copy
  }
  const build = (copy: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) => {
    return spawnSync(process.execPath, ['scripts/build-shim.mjs', ...args], { cwd: copy, encoding: 'utf8', env: { ...process.env, ...env } }) // prettier-ignore
  }
  afterEach(cleanUp)

  test('is made once, and again when the source is newer', () => {
    const copy = checkout()
    const shim = join(copy, 'dist/helper/shim/keelan-shim')
    expect(build(copy)).toMatchObject({ status: 0, stdout: '', stderr: '' })
    const first = statSync(shim)
    expect(build(copy).status).toBe(0)
    expect(statSync(shim).ino).toBe(first.ino)
    const later = new Date(Date.now() + 1_000)
    utimesSync(join(copy, 'helper/shim/keelan-shim.c'), later, later)
    expect(build(copy, ['--if-missing']).status).toBe(0)
    expect(statSync(shim).ino).toBe(first.ino)
    expect(build(copy).status).toBe(0)
    expect(statSync(shim).ino).not.toBe(first.ino)
    expect(readdirSync(join(shim, '..'))).toEqual(['keelan-shim'])
  })

  test('replaces the binary of a running shim without touching it', async () => {
    const copy = checkout()
    expect(build(copy).status).toBe(0)
    const binary = join(copy, 'dist/helper/shim/keelan-shim')
    const shim = startShim({ args: ['sleep', '1000'] }, { binary })
    await shim.running()
    const later = new Date(Date.now() + 1_000)
    utimesSync(join(copy, 'helper/shim/keelan-shim.c'), later, later)
    expect(build(copy)).toMatchObject({ status: 0, stderr: '' })
    expect(await shim.down()).toBe('end down')
  })

  test('is made with --if-missing when the one that is there does not run here', () => {
    const copy = checkout()
    const shim = join(copy, 'dist/helper/shim/keelan-shim')
    mkdirSync(join(shim, '..'), { recursive: true })
    copyFileSync(join(root, 'package.json'), shim)
    expect(build(copy, ['--if-missing']).status).toBe(0)
    expect(execFileSync(shim, ['--version'], { encoding: 'utf8' })).toBe('keelan-shim 1\n')
  })

  test('without a compiler says in one line which package to install', () => {
    const copy = checkout()
    const { status, stderr } = build(copy, [], { CC: 'no-such-compiler' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^build-shim: there is no C compiler \(.*no-such-compiler.*\): install .*gcc.*\n$/)
    expect(existsSync(join(copy, 'dist/helper/shim/keelan-shim'))).toBe(false)
  })

  test('by a packed tarball needs no compiler when its shim runs', () => {
    const copy = checkout()
    mkdirSync(join(copy, 'dist/helper/shim'), { recursive: true })
    copyFileSync(buildShim(), join(copy, 'dist/helper/shim/keelan-shim'))
    expect(build(copy, ['--if-missing'], { CC: 'no-such-compiler' })).toMatchObject({ status: 0, stderr: '' })
  })
})

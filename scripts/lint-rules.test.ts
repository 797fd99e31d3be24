import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importRules } from '../oxlint.config.mjs'
import { root } from './run.mjs'

/** What a file may and may not import, as it would write it. */
const imports: Record<string, { may?: readonly string[]; mayNot: readonly string[] }> = {
  'helper/api/a.ts': { may: ['./b.ts', 'zod'], mayNot: ['node:fs', 'yaml', '../base-directory.ts', '../store/b.ts'] },
  ...Object.fromEntries(
    ['supervisor', 'store', 'logs', 'channels', 'keelanfile'].flatMap((room) => [
      [
        `helper/${room}/a.ts`,
        {
          may: ['../api/b.ts', './b.ts', './inner/b.ts', 'yaml', 'node:fs', 'electron-log/node'],
          mayNot: [
            '../server/b.ts',
            '../cli/b.ts',
            '../client.ts',
            '../daemon.ts',
            '../base-directory.ts',
            '../../scripts/run.mjs',
          ],
        },
      ],
      [
        `helper/${room}/inner/a.ts`,
        { may: ['../../api/b.ts', '../b.ts'], mayNot: ['../../server/b.ts', '../../client.ts'] },
      ],
      [
        `helper/${room}/inner/deeper/a.ts`,
        { may: ['../../b.ts', '../../../api/b.ts'], mayNot: ['../../../server/b.ts'] },
      ],
    ]),
  ),
  'helper/supervisor/b.ts': {
    mayNot: ['../store/b.ts', './../store/b.ts', '../api/../store/b.ts', './inner/../../store/b.ts'],
  },
  'helper/store/b.ts': { mayNot: ['../supervisor/b.ts', '../logs/b.ts'] },
  'helper/server/routes/a.ts': {
    may: ['api', 'supervisor', 'store', 'logs', 'channels', 'keelanfile'].map((room) => `../../${room}/b.ts`),
    mayNot: ['../../daemon.ts', '../../client.ts', '../../cli/b.ts'],
  },
  'helper/daemon.ts': {
    may: ['./api/b.ts', './store/b.ts', './supervisor/b.ts', './server/b.ts', './base-directory.ts'],
    mayNot: ['electron', 'electron/main', '../src/main/b.ts'],
  },
  ...Object.fromEntries(
    ['client', 'daemon-control'].map((file) => [
      `helper/${file}.ts`,
      {
        may: ['./api/b.ts', './base-directory.ts', 'node:http'],
        mayNot: ['./server/b.ts', './store/b.ts', './daemon.ts', './cli/b.ts'],
      },
    ]),
  ),
  'helper/daemon/a.ts': {
    may: ['../api/b.ts', '../store/b.ts', '../server/b.ts', '../base-directory.ts'],
    mayNot: ['../daemon.ts', '../client.ts', '../cli/b.ts'],
  },
  'helper/version.ts': { mayNot: ['./api/b.ts'] },
  'helper/base-directory.ts': { may: ['node:path'], mayNot: ['./api/b.ts', './client.ts'] },
  ...Object.fromEntries(
    [
      ['helper/cli/a.ts', '..'],
      ['helper/cli/commands/a.ts', '../..'],
    ].map(([file, helper]) => [
      file,
      {
        may: ['api/b', 'keelanfile/b', 'client', 'daemon-control', 'base-directory', 'cli/b'].map((it) =>
          `${helper}/${it}.ts`.replace('../cli', '.'),
        ),
        mayNot: ['daemon', 'store/b', 'supervisor/b', 'logs/b', 'server/b'].map((it) => `${helper}/${it}.ts`),
      },
    ]),
  ),
  'src/main/a.ts': {
    may: [
      'electron',
      './b.ts',
      ...['api/b', 'client', 'daemon-control', 'base-directory'].map((it) => `../../helper/${it}.ts`),
    ],
    mayNot: ['../../helper/store/b.ts', '../../helper/daemon.ts', '../renderer/b.ts'],
  },
  'src/preload/a.ts': { may: ['../../helper/api/b.ts'], mayNot: ['../../helper/client.ts', '../main/b.ts'] },
  'src/renderer/a.tsx': { may: ['../../helper/api/b.ts'], mayNot: ['../../helper/client.ts', '../main/b.ts'] },
  'helper/supervisor/a.test.ts': {
    may: ['../store/b.ts', '../daemon.ts'],
    mayNot: ['../../src/main/b.ts', 'electron'],
  },
  'helper/supervisor/testing/a.ts': { may: ['../../store/b.ts'], mayNot: ['../../../src/main/b.ts'] },
}

/** Every way to write an import counts, types too, and so does each rule that the linter is there for. */
const violations = [
  ...[
    `import { b } from '../store/b.ts'`,
    `import type { B } from '../store/b.ts'`,
    `import { type B } from '../store/b.ts'`,
    `export { b } from '../store/b.ts'`,
    `export * from '../store/b.ts'`,
    `export const b = () => import('../store/b.ts')`,
  ].map((code) => ['no-restricted-imports', code]),
  ['consistent-type-imports', `export type B = import('../store/b.ts').B`],
  ['consistent-type-imports', `import { B } from './types.ts'; export const f = (b: B) => b`],
  ['no-default-export', `export default 1`],
  ['no-cycle', `export { b } from './cycle.ts'; export const a = 1`],
  ['no-floating-promises', `export const f = () => { Promise.resolve(1) }`],
  ['await-thenable', `export const f = async () => await 1`],
  ['no-misused-promises', `export const f = () => [1].forEach(async () => {})`],
  ['no-explicit-any', `export const f = (x: any): unknown => x`],
  ['eqeqeq', `export const f = (x: number) => x == 1`],
  ['switch-exhaustiveness-check', `export const f = (x: 'a' | 'b') => { switch (x) { case 'a': return 1 } return 2 }`],
].map(([rule, code], index) => ({ rule, code, file: `helper/supervisor/violation-${index}.ts` }))

let folder: string
let complaints: { code: string; file: string; line: number }[]

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelan-lint-rules-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const file of ['oxlint.config.mjs', 'tsconfig.json', 'package.json']) {
    cpSync(join(root, file), join(folder, file))
  }
  for (const [file, { may = [], mayNot }] of Object.entries(imports)) {
    write(file, [...may, ...mayNot].map((specifier) => `import '${specifier}'`).join('\n'))
  }
  for (const { code, file } of violations) write(file, code!)
  write('helper/supervisor/types.ts', 'export class B {}')
  const { file } = violations.find(({ rule }) => rule === 'no-cycle')!
  write('helper/supervisor/cycle.ts', `import { a } from './${basename(file)}'; export const b = a`)

  const { stdout } = spawnSync('node_modules/.bin/oxlint', ['-c', 'oxlint.config.mjs', '-f', 'json', 'helper', 'src'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; filename: string; labels: { span: { line: number } }[] }[]
  }
  complaints = diagnostics.map(({ code, filename, labels }) => ({ code, file: filename, line: labels[0]!.span.line }))
})

afterAll(() => rmSync(folder, { recursive: true }))

function write(file: string, text: string) {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), `${text}\n`)
}

test.each(Object.entries(imports))('%s imports only what its room may', (file, { may = [], mayNot }) => {
  const lines = complaints
    .filter((it) => it.file === file && it.code.includes('no-restricted-imports'))
    .map((it) => it.line)
  const written = [...may, ...mayNot]
  expect([...new Set(lines)].sort((a, b) => a - b).map((line) => written[line - 1])).toEqual(mayNot)
})

test.each(violations)('$rule objects to: $code', ({ rule, file }) => {
  expect(complaints.filter((it) => it.file === file).map((it) => it.code)).toContainEqual(
    expect.stringContaining(`(${rule})`),
  )
})

test('every room has its import rule', () => {
  const folders = readdirSync(join(root, 'helper'), { withFileTypes: true }).filter(
    (it) => it.isDirectory() && it.name !== 'shim' && it.name !== 'testing',
  )
  expect(Object.keys(importRules)).toEqual(expect.arrayContaining(folders.map((it) => `helper/${it.name}`)))
})

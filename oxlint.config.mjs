// @ts-check
import { posix } from 'node:path'

const contract = 'helper/api/**'
const parts = ['supervisor', 'store', 'logs', 'metrics', 'channels', 'keelanfile'].map((room) => `helper/${room}`)
const insideParts = parts.map((room) => `${room}/**`)
const makeFolder = 'helper/make-folder.ts'
/** Words and text for people, needed wherever something is told. */
const words = ['helper/duration.ts', 'helper/harmless-text.ts']
const leaves = ['helper/base-directory.ts', 'helper/version.ts', makeFolder, ...words]
/** Types of what a window may ask of the desktop. */
const desktop = 'src/preload/desktop.ts'
const clientSide = ['helper/client.ts', 'helper/daemon-control.ts', ...leaves]

/**
 * What each room may import of ours besides its own files (docs/architecture.md); `packages` narrows what it may
 * import of others. helper/daemon.ts puts everything in helper/ together and has no entry.
 * @type {Record<string, { may: readonly string[], packages?: readonly string[] }>}
 */
export const importRules = {
  'helper/api': { may: [], packages: ['zod'] },
  ...Object.fromEntries(parts.map((room) => [room, { may: [contract, makeFolder, ...words] }])),
  'helper/server': { may: [contract, ...insideParts] },
  'helper/daemon': { may: [contract, ...insideParts, 'helper/server/**', ...leaves] },
  'helper/cli': { may: [contract, 'helper/keelanfile/**', ...clientSide] },
  'helper/client.ts': { may: [contract, 'helper/base-directory.ts'] },
  'helper/daemon-control.ts': { may: [contract, 'helper/client.ts', ...leaves] },
  'helper/base-directory.ts': { may: [] },
  'helper/version.ts': { may: [] },
  [makeFolder]: { may: [] },
  ...Object.fromEntries(words.map((file) => [file, { may: [] }])),
  'src/main': { may: [contract, ...clientSide, desktop] },
  'src/preload': { may: [contract] },
  'src/renderer': { may: [contract, desktop] },
}

/** As tsconfig.build.json leaves them out. */
const tests = ['**/*.test.ts', '**/test-*.ts', '**/testing/**']
const notInHelper = {
  group: ['electron', 'electron/**', '../**/src/**', '../**/e2e/**'],
  message: 'helper/ runs on plain Node and imports nothing of src/.',
}
const downAfterUp = {
  regex: String.raw`(^\.|[^.])/\.\./`,
  message: 'Write the shortest path, so that the import rules can read it.',
}

/** @param {object[]} patterns */
const restrict = (patterns) => ({ 'no-restricted-imports': ['error', { patterns }] })

/** One override for each depth of folders, since a pattern sees the path as it is written, from the file's own folder. */
const importOverrides = Object.entries(importRules).flatMap(([room, { may, packages }]) => {
  const isFile = room.endsWith('.ts')
  const depths = isFile ? [posix.dirname(room)] : [room, `${room}/*`, `${room}/*/*`]
  return depths.map((folder, depth) => {
    /** @param {string} path */
    const asWritten = (path) => posix.relative(folder, path).replace(/^(?!\.)/, './')
    const group = [
      ...(packages ? ['*', '!*.ts', ...packages.map((name) => `!${name}`)] : []),
      `${'../'.repeat(depth + 1)}**`,
      ...(isFile ? ['./**'] : []),
      ...may.map((path) => `!${asWritten(path)}`),
    ]
    const ours = { group, message: `${room} may not import this: see the rooms in docs/architecture.md.` }
    // Last, since what its exceptions (`!`) let through passes whatever the other patterns say.
    const patterns = [downAfterUp, ...(room.startsWith('helper/') ? [notInHelper] : []), ours]
    return { files: [isFile ? room : `${folder}/*.{ts,tsx}`], excludeFiles: tests, rules: restrict(patterns) }
  })
})

export default {
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise'],
  categories: { correctness: 'error' },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['dist/**'],
  rules: {
    eqeqeq: 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'import/no-default-export': 'error',
    'import/no-cycle': 'error',
    // tsc reports these.
    'no-unused-vars': 'off',
    // Numbers, URLs and the like read well in a template.
    'typescript/restrict-template-expressions': 'off',
    // Takes every function of an object for a method that needs `this`.
    'typescript/unbound-method': 'off',
  },
  overrides: [
    { files: ['helper/**'], rules: restrict([notInHelper]) },
    ...importOverrides,
    // Their readers ask for a default export.
    { files: ['*.config.{ts,mjs}', 'scripts/plain-line-reporter.mjs'], rules: { 'import/no-default-export': 'off' } },
  ],
}

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { stopSignals } from '../api/definition.ts'
import type { ShipDefinition } from '../api/definition.ts'
import { parseKeelanfile } from './parse.ts'
import { printKeelanfile } from './print.ts'

const folders = { folder: '/somewhere/else', home: '/home/ada' }

test('leaves out what is as it would be anyway', () => {
  const result = parseKeelanfile(
    'ships: {web: {command: [a, b], cwd: /srv, log: {split: true}, restart: on-failure}}',
    folders,
  )
  expect(result.ok && printKeelanfile(result.definitions)).toBe(
    'ships:\n  web:\n    command:\n      - a\n      - b\n    cwd: /srv\n    log:\n      split: true\n',
  )
})

/** Any text that a process can be given: no NUL, and no half of a surrogate pair, which UTF-8 cannot hold. */
const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''))
const awkward = fc.constantFrom(
  '<<',
  'no',
  '1e3',
  '~',
  'null',
  '- a',
  '# x',
  ' x ',
  'a: b',
  '\t',
  '\r\n',
  '*x',
  '!y',
  '\u0085',
  '\u2028x',
  '__proto__',
)
const someText = fc.oneof(text, awkward)
const filled = someText.filter((value) => value !== '')
const path = fc
  .array(
    fc.string({ unit: fc.constantFrom('a', 'B', ' ', '#', ':', '1', 'é') }).filter((part) => part !== ''),
    { maxLength: 3 },
  )
  .map((parts) => `/${parts.join('/')}`)
const ms = fc.nat(365 * 86_400_000)
const account = fc.constantFrom('ada', '1000', '_svc', 'x$')

const definition: fc.Arbitrary<ShipDefinition> = fc.record(
  {
    name: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,10}$/),
    command: fc.oneof(
      filled,
      fc.tuple(filled, fc.array(someText)).map(([program, rest]): [string, ...string[]] => [program, ...rest]),
    ),
    cwd: path,
    env: fc.dictionary(
      filled.filter((name) => !name.includes('=') && name !== '__proto__'),
      someText,
    ),
    envFile: fc.array(path, { maxLength: 2 }),
    inheritEnv: fc.boolean(),
    user: account,
    group: account,
    root: path,
    restart: fc.constantFrom('always', 'on-failure', 'no'),
    backoff: fc.record({
      initialMs: fc.nat(1_000),
      factor: fc.double({ min: 1, max: 100, noNaN: true }),
      maxMs: ms.map((value) => Math.max(1_000, value)),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
      resetAfterMs: ms,
    }),
    maxRestarts: fc.oneof(fc.nat(1_000), fc.constant('unlimited' as const)),
    windowMs: ms,
    stopSignal: fc.constantFrom(...stopSignals),
    stopTimeoutMs: ms,
    limits: fc.record(
      {
        openFiles: fc.integer({ min: 8, max: 1_048_576 }),
        addressSpaceBytes: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        cpuSeconds: fc.integer({ min: 1, max: 1_000_000 }),
        coreSizeBytes: fc.maxSafeNat(),
      },
      { requiredKeys: [] },
    ),
    nice: fc.integer({ min: -20, max: 19 }),
    autostart: fc.boolean(),
    log: fc.record({ split: fc.boolean() }),
  },
  {
    requiredKeys: [
      'name',
      'command',
      'cwd',
      'env',
      'envFile',
      'inheritEnv',
      'restart',
      'backoff',
      'maxRestarts',
      'windowMs',
      'stopSignal',
      'stopTimeoutMs',
      'limits',
      'autostart',
      'log',
    ],
  },
)

test('what is printed reads back as the same definitions', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(definition, { selector: ({ name }) => name, minLength: 1, maxLength: 3 }),
      (definitions) => {
        expect(parseKeelanfile(printKeelanfile(definitions), folders)).toEqual({ ok: true, definitions })
      },
    ),
    { numRuns: 500 },
  )
})

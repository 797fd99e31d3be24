import { describe, expect, test } from 'vitest'
import { describeFault, parseKeelanfile } from './parse.ts'
import { keys, plannedKeys } from './keys.ts'

const folders = { folder: '/srv/app', home: '/home/ada' }

const shipsOf = (text: string) => {
  const result = parseKeelanfile(text, folders)
  if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'))
  return result.definitions
}

const faultsOf = (text: string) => {
  const result = parseKeelanfile(text, folders)
  return result.ok ? [] : result.faults.map(describeFault)
}

describe('a Keelanfile', () => {
  test('needs no more than a name and a command; every default is filled in', () => {
    expect(shipsOf('ships:\n  web:\n    command: python3 app.py\n')).toEqual([
      {
        name: 'web',
        command: 'python3 app.py',
        cwd: '/srv/app',
        env: {},
        envFile: [],
        inheritEnv: false,
        restart: 'on-failure',
        backoff: { initialMs: 500, factor: 2, maxMs: 30_000, jitter: 0.1, resetAfterMs: 10_000 },
        maxRestarts: 10,
        windowMs: 300_000,
        stopSignal: 'SIGTERM',
        stopTimeoutMs: 10_000,
        limits: {},
        autostart: true,
        log: { split: false },
      },
    ])
  })

  test('gives its ships in its own order', () => {
    const text = 'ships:\n  zebra: {command: z}\n  "10": {command: ten}\n  9: {command: nine}\n  ant: {command: a}\n'
    expect(shipsOf(text).map(({ name }) => name)).toEqual(['zebra', '10', '9', 'ant'])
  })

  test('keeps numbers and true/false in a command and in env as they are written', () => {
    const [ship] = shipsOf(
      'ships: {web: {command: [serve, 8000, 1.10, 010, True], env: {PORT: 0080, DEBUG: true, E: ""}}}',
    )
    expect(ship).toMatchObject({
      command: ['serve', '8000', '1.10', '010', 'True'],
      env: { PORT: '0080', DEBUG: 'true', E: '' },
    })
  })

  test('merges defaults into each ship: env, backoff and limits key by key', () => {
    const [ship] = shipsOf(`
defaults: {restart: always, env: {A: 1, B: 2}, backoff: {max: 1m}, limits: {open_files: 99}}
ships: {web: {command: x, env: {B: 3}, backoff: {initial: 1s}, limits: {core_size: 0}}}`)
    expect(ship).toMatchObject({
      restart: 'always',
      env: { A: '1', B: '3' },
      backoff: { initialMs: 1_000, maxMs: 60_000 },
      limits: { openFiles: 99, coreSizeBytes: 0 },
    })
  })

  test('resolves anchors and merge keys, the own key first', () => {
    const [, b] = shipsOf('ships:\n  a: &a {command: x, nice: 5, restart: no}\n  b: {<<: *a, restart: always}\n')
    expect(b).toMatchObject({ name: 'b', command: 'x', nice: 5, restart: 'always' })
  })

  test('takes paths relative to its folder, and ~/ as the home', () => {
    const [ship] = shipsOf('ships: {web: {command: x, cwd: sub/dir, env_file: [.env, ~/secrets, /etc/env]}}')
    expect(ship).toMatchObject({ cwd: '/srv/app/sub/dir', envFile: ['/srv/app/.env', '/home/ada/secrets', '/etc/env'] })
  })

  test('with root, takes cwd inside it, / unless said', () => {
    const [a, b] = shipsOf(
      'ships: {a: {command: x, root: jail}, b: {command: x, root: /jail, cwd: data, env_file: .env}}',
    )
    expect(a).toMatchObject({ root: '/srv/app/jail', cwd: '/' })
    expect(b).toMatchObject({ root: '/jail', cwd: '/data', envFile: ['/srv/app/.env'] })
  })
})

describe('a wrong Keelanfile is refused whole', () => {
  test('with line, column, key and what would be right', () => {
    expect(faultsOf('ships:\n  web:\n    command: x\n    restart: sometimes\n')).toEqual([
      'line 4, column 14: ships.web.restart: must be always, on-failure or no; got "sometimes"',
    ])
  })

  test('with all of its faults, in the order of its lines', () => {
    const text = `ships:
  web:
    comand: x
    nice: 90
    env: {A: , "B=": 1, C: [x]}
    backoff: {jitter: lots}
  Web: {command: x, cwd: '', stop_timeout: -5}
other: 1
`
    expect(faultsOf(text)).toEqual([
      'line 3, column 5: ships.web.comand: is not a key that is known here; did you mean "command"?',
      'line 5, column 14: ships.web.env.A: must be text, a number or true/false (nothing at all is written ""); got nothing',
      'line 5, column 28: ships.web.env.C: must be text, a number or true/false (nothing at all is written ""); got a list',
      'line 6, column 23: ships.web.backoff.jitter: must be a number; got "lots"',
      'line 7, column 3: ships.Web: must be 1 to 63 of a-z, 0-9, ".", "_" and "-", and begin with a letter or digit',
      'line 7, column 26: ships.Web.cwd: must be the path of a folder; got ""',
      'line 7, column 44: ships.Web.stop_timeout: must be a duration such as 500ms, 5s, 2m, 1h or 1d (a bare number is seconds); got -5',
      'line 8, column 1: other: is not a key that is known here',
    ])
  })

  test.each([
    ['nice: 90', 'ships.web.nice: must be at most 19'],
    ['backoff: {jitter: 2}', 'ships.web.backoff.jitter: must be at most 1'],
    ['stop_timeout: 500d', 'ships.web.stop_timeout: must be at most 365d'],
    ['limits: {open_files: 1}', 'ships.web.limits.open_files: must be at least 8'],
    ['max_restarts: 5000', 'ships.web.max_restarts: must be at most 1000'],
    ['max_restarts: 1.5', 'ships.web.max_restarts: must be a whole number, or unlimited; got 1.5'],
    ['user: "a b"', 'ships.web.user: must be a name or a number'],
    ['env: {"A=B": x}', 'ships.web.env.A=B: must not hold "="'],
    ['env: {A: "x\\0"}', 'ships.web.env.A: must not hold a NUL byte'],
    ['backoff: {initial: 1m}', 'ships.web.backoff.initial: must not be longer than backoff.max'],
    ['restart: false', 'ships.web.restart: must be always, on-failure or no; got false'],
    ['log: true', 'ships.web.log: must be keys with values; got true'],
    ['log: {spilt: true}', 'ships.web.log.spilt: is not a key that is known here; did you mean "split"?'],
    ['env: [A=1]', 'ships.web.env: must be names with values; got a list'],
  ])('%s', (line, expected) => {
    const [fault = '', ...more] = faultsOf(`ships:\n  web:\n    command: x\n    ${line}\n`)
    expect(more).toEqual([])
    expect(fault).toMatch(/^line 4, column \d+: /)
    expect(fault).toContain(expected)
  })

  test.each([
    ['', 'line 1, column 1: is empty'],
    ['# nothing\n', 'line 1, column 1: is empty'],
    ['web: {command: x}', 'ships: is missing'],
    ['ships:\n', 'ships: must be names of ships, each with its keys below it; got nothing'],
    ['ships: {}', 'ships: must hold at least one ship'],
    ['ships: {web: python3}', 'ships.web: must be keys with values; got "python3"'],
    ['ships: {web: {nice: 1}}', 'ships.web.command: is missing'],
    ['ships: {web: {command: []}}', 'ships.web.command: must be one line for sh -c, or a list of the program'],
    ['ships:\n\tweb: {command: x}\n', 'line 2, column 1: tabs are not allowed as indentation'],
    ['ships: {a: {command: x}}\n---\nships: {}', 'line 2, column 1: a second document begins here'],
    ['ships: {a: {command: x}, a: {command: y}}', 'column 26: ships.a: is there twice (first on line 1)'],
    ['ships: {a: {command: x, nice: 1, nice: 2}}', 'ships.a.nice: is there twice'],
    ['ships: {a: {command: *nope}}', 'ships.a.command: there is no anchor &nope before this'],
    ['ships: {a: {command: !secret x}}', 'unresolved tag: !secret'],
    ['ships: {a: {<<: [x], command: y}}', '<< takes a map'],
    ['ships: {a: {<<: x, command: y}}', 'ships.a.<<: is not a key that is known here'],
    ['ships: {a: {? [k] : v}}', 'a key must be text'],
    ['ships: {a: {command: "x}}', 'line 1'],
    ['ships: &a {a: *a}', 'an alias holds itself'],
    [`ships: ${'['.repeat(20_000)}`, 'line 1'],
    [`ships: {a: {command: ${'x'.repeat(1_048_576)}}}`, 'the file is longer than 1 MiB'],
  ])('%.60s', (text, expected) => {
    expect(faultsOf(text).join('\n')).toContain(expected)
  })

  test('a bomb of aliases is refused, and at once', () => {
    const level = (name: string, below: string) =>
      `${name}: &${name} [${Array.from({ length: 10 }, () => `*${below}`).join(',')}]\n`
    const bomb = `a: &a [x]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}${level('e', 'd')}${level('f', 'e')}${level('g', 'f')}ships: *g\n`
    expect(faultsOf(bomb)).toEqual(['line 1, column 1: has more than 200000 values once its aliases are resolved'])
  })

  test('a fault in defaults is told once, where it is', () => {
    expect(faultsOf('defaults: {nice: 90}\nships: {a: {command: x}, b: {command: x}}')).toEqual([
      'line 1, column 18: defaults.nice: must be at most 19',
    ])
  })
})

test.each(plannedKeys)('%s is refused by name as not yet available', (name) => {
  const [group, inner] = name.split('.')
  const line = inner ? `${group}: {${inner}: 1}` : `${group}: 1`
  expect(faultsOf(`ships: {web: {command: x, ${line}}}`).join()).toContain(
    `ships.web.${name}: is not yet available in this version`,
  )
})

test('no key is both there and planned', () => {
  expect(keys.filter(({ name }) => plannedKeys.includes(name))).toEqual([])
})

test('of very many faults the first hundred are told', () => {
  const ships = Array.from({ length: 300 }, (_, n) => `  s${n}:\n    comand: x\n`).join('')
  const result = parseKeelanfile(`ships:\n${ships}`, { folder: '/srv', home: '/home/someone' })
  const faults = result.ok ? [] : result.faults
  expect(faults).toHaveLength(100)
  expect(faults.at(-1)).toMatchObject({ key: 'ships.s99.comand' })
})

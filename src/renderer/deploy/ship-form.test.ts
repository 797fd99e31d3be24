import { expect, test } from 'vitest'
import * as fc from 'fast-check'
import { keys } from '../../../helper/keelanfile/keys.ts'
import { parseKeelanfile } from '../../../helper/keelanfile/parse.ts'
import { writeValue } from '../../../helper/keelanfile/print.ts'
import { allFields } from './fields.ts'
import {
  emptyForm,
  faultsByField,
  formFaults,
  formFromLink,
  formFromSuggestion,
  keelanfileText,
  withPasted,
} from './ship-form.ts'
import type { ShipForm } from './ship-form.ts'

const read = (form: ShipForm) => parseKeelanfile(keelanfileText(form), { folder: '/', home: '/home/me' })
const definitionOf = (form: ShipForm) => {
  const result = read(form)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.definitions[0]!
}
const web: ShipForm = { ...emptyForm, name: 'web', command: 'npm start' }

test('there is a field for every key of a Keelanfile, and it says what holds when it is left alone', () => {
  const withControlsOfTheirOwn = ['command', 'cwd', 'env']
  const expected = keys
    .filter(({ name }) => !withControlsOfTheirOwn.includes(name))
    .map((key) => {
      const fallback = key.fallback === undefined || Array.isArray(key.fallback) ? '' : writeValue(key, key.fallback)
      return [key.name, String(fallback), key.shape === 'list']
    })
  const fields = allFields.map(({ key, fallback, kind }) => [key, fallback, kind === 'lines'])
  expect(new Set(fields.map(String))).toEqual(new Set(expected.map(String)))
})

test('a form that says little becomes a Keelanfile that says little', () => {
  expect(keelanfileText(web)).toBe('ships:\n  web:\n    command: npm start\n    cwd: ~/\n')
  expect(definitionOf(web)).toMatchObject({ name: 'web', command: 'npm start', cwd: '/home/me', restart: 'on-failure' })
})

test('every field arrives in the definition', () => {
  const said = {
    restart: 'always',
    stop_timeout: '1m',
    autostart: 'false',
    'log.split': 'true',
    env_file: '/etc/a.env\n~/b.env\n',
    inherit_env: 'true',
    max_restarts: 'unlimited',
    window: '90',
    'backoff.initial': '1s',
    'backoff.factor': '1.5',
    'backoff.max': '1m',
    'backoff.jitter': '0',
    'backoff.reset_after': '20s',
    stop_signal: 'SIGINT',
    'limits.open_files': '64',
    'limits.address_space': '2GiB',
    'limits.cpu_time': '1h',
    'limits.core_size': '0',
    nice: '-5',
    user: '1000',
    group: 'www-data',
    root: '/srv/jail',
  }
  expect(Object.keys(said).toSorted()).toEqual(allFields.map(({ key }) => key).toSorted())
  expect(definitionOf({ ...web, cwd: '/app', said })).toMatchObject({
    restart: 'always',
    stopTimeoutMs: 60_000,
    autostart: false,
    log: { split: true },
    envFile: ['/etc/a.env', '/home/me/b.env'],
    inheritEnv: true,
    maxRestarts: 'unlimited',
    windowMs: 90_000,
    backoff: { initialMs: 1_000, factor: 1.5, maxMs: 60_000, jitter: 0, resetAfterMs: 20_000 },
    stopSignal: 'SIGINT',
    limits: { openFiles: 64, addressSpaceBytes: 2 * 1024 ** 3, cpuSeconds: 3_600, coreSizeBytes: 0 },
    nice: -5,
    user: '1000',
    group: 'www-data',
    root: '/srv/jail',
    cwd: '/app',
  })
})

const printable = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !text.includes('\0'))

test('whatever is typed means in the Keelanfile what it says: quotes, colons, "true", "010", blanks, signs', () => {
  const words = fc.array(
    printable.filter((word) => !/[\n\r]/.test(word)),
    { minLength: 1, maxLength: 5 },
  )
  // zod's records take no such key.
  const name = fc.stringMatching(/^[^=\0]+$/).filter((text) => text !== '__proto__')
  fc.assert(
    fc.property(words, fc.dictionary(name, printable), (command, env) => {
      fc.pre(command[0] !== '' && command.at(-1) !== '')
      const variables = Object.entries(env).map(([name, value], id) => ({ id, name, value }))
      const definition = definitionOf({ ...web, commandAs: 'words', command: command.join('\n'), env: variables })
      expect(definition.command).toEqual(command)
      expect(definition.env).toEqual(env)
    }),
  )
  for (const command of [
    'true',
    '010',
    '~',
    '- a',
    'echo a: b # c',
    '"',
    "it's",
    '{a}',
    '*',
    '&x y',
    '| x',
    'a\nb\n c',
  ])
    expect(definitionOf({ ...web, command }).command).toBe(command)
})

test('an argument a line; one that is empty in between is kept', () => {
  const form: ShipForm = { ...web, commandAs: 'words', command: 'printf\n\na b\n' }
  expect(definitionOf(form).command).toEqual(['printf', '', 'a b'])
})

test('rows without name and value are no variables', () => {
  const env = [
    { id: 1, name: '', value: '' },
    { id: 2, name: 'PORT', value: '' },
  ]
  expect(definitionOf({ ...web, env }).env).toEqual({ PORT: '' })
})

test("the helper's faults stand at the fields they are about, and all others above the form", () => {
  const form: ShipForm = {
    ...emptyForm,
    name: 'my.app',
    env: [{ id: 1, name: '', value: '1' }],
    said: { stop_timeout: 'soon', nice: 'ten', 'backoff.initial': 'x' },
  }
  const result = read(form)
  expect(result.ok).toBe(false)
  const faults = faultsByField(result.ok ? [] : result.faults, form.name)
  expect(faults.get('command')).toMatch(/must be one line for sh -c/)
  expect(faults.get('stop_timeout')).toMatch(/must be a duration/)
  expect(faults.get('nice')).toBe('must be a whole number; got "ten"')
  expect(faults.get('backoff.initial')).toMatch(/must be a duration/)
  expect(faults.get('')).toBeUndefined()
  const other = faultsByField([{ line: 1, column: 1, key: 'ships.my', message: 'is odd' }], form.name)
  expect([...other]).toEqual([['', 'ships.my: is odd']])
})

test('a fault of a variable stands at its row, and one of the name at the name', () => {
  const row = read({ ...web, env: [{ id: 1, name: 'A=B', value: '1' }] })
  expect(faultsByField(row.ok ? [] : row.faults, 'web').get('env.A=B')).toBe('must not hold "="')
  for (const name of ['', 'Web', 'my app']) {
    const result = read({ ...web, name })
    expect(faultsByField(result.ok ? [] : result.faults, name).get('name')).toMatch(/must be 1 to 63 of a-z/)
  }
})

test('a path that would have to start from somewhere, and a variable that is there twice, are refused by the form', () => {
  const env = [
    { id: 1, name: 'A', value: '1' },
    { id: 2, name: 'A', value: '2' },
  ]
  const faults = faultsByField(
    formFaults({ ...web, cwd: 'src', env, said: { env_file: '/a\nb', root: '/srv' } }),
    'web',
  )
  expect([...faults]).toEqual([
    ['cwd', 'must begin with / or ~/ (your home folder)'],
    ['env_file', 'must begin with / or ~/ (your home folder)'],
    ['env.A', 'is there twice; leave one out'],
  ])
  expect(formFaults(web)).toEqual([])
})

test('a link fills in name, command and folder, and nothing else', () => {
  expect(formFromLink(new URLSearchParams('name=web&command=npm start&cwd=/srv/web&user=root'))).toEqual({
    ...web,
    cwd: '/srv/web',
  })
  expect(formFromLink(new URLSearchParams('path=/srv'))).toBeNull()
})

test('a suggestion with a list of words is filled in as words', () => {
  const suggestion = {
    name: 'web',
    command: ['npm', 'run', 'dev'],
    cwd: '/srv',
    source: 'script "dev" in package.json',
  }
  expect(definitionOf(formFromSuggestion(suggestion))).toMatchObject({ command: ['npm', 'run', 'dev'], cwd: '/srv' })
})

test('pasted variables take the place of an empty row, and the value of one that is there', () => {
  const env = [
    { id: 3, name: 'A', value: '1' },
    { id: 5, name: '', value: '' },
    { id: 4, name: 'Z', value: '9' },
  ]
  const pasted = [
    { name: 'B', value: '2' },
    { name: 'A', value: 'new' },
    { name: 'C', value: '3' },
    { name: 'B', value: 'last' },
  ]
  expect(withPasted(env, env[1]!, pasted)).toEqual([
    { id: 3, name: 'A', value: 'new' },
    { id: 6, name: 'B', value: 'last' },
    { id: 7, name: 'C', value: '3' },
    { id: 4, name: 'Z', value: '9' },
  ])
  expect(withPasted(env, env[0]!, pasted.slice(0, 1)).map(({ name }) => name)).toEqual(['A', 'B', '', 'Z'])
})

import { stringify } from 'yaml'
import type { KeelanfileFault, Suggestion } from '../../../helper/api/keelanfile.ts'
import { allFields } from './fields.ts'
import type { Field } from './fields.ts'

export interface Variable {
  /** Tells rows apart while names are still being typed. */
  readonly id: number
  readonly name: string
  readonly value: string
}

/** What is filled in. `said` holds every other field by its key, as text; a key that is not there has its fallback. */
export interface ShipForm {
  readonly name: string
  /** One line for the shell, or the program and its arguments, one a line. */
  readonly commandAs: 'line' | 'words'
  readonly command: string
  readonly cwd: string
  readonly env: readonly Variable[]
  readonly said: Readonly<Record<string, string>>
}

export const emptyForm: ShipForm = { name: '', commandAs: 'line', command: '', cwd: '~/', env: [], said: {} }

/** A form filled in by a link (`?name=…&command=…&cwd=…`); null if the link says nothing of a ship. */
export function formFromLink(query: URLSearchParams): ShipForm | null {
  const said = (key: 'name' | 'command' | 'cwd') => query.get(key)
  if (said('name') === null && said('command') === null && said('cwd') === null) return null
  return {
    ...emptyForm,
    name: said('name') ?? '',
    command: said('command') ?? '',
    cwd: said('cwd') ?? emptyForm.cwd,
  }
}

export function formFromSuggestion({ name, command, cwd }: Suggestion): ShipForm {
  return typeof command === 'string'
    ? { ...emptyForm, name, command, cwd }
    : { ...emptyForm, name, commandAs: 'words', command: command.join('\n'), cwd }
}

export const valueOf = ({ said }: ShipForm, { key, fallback }: Field): string => said[key] ?? fallback

/** The form as a Keelanfile, so that the helper checks both in the same words. What is as it would be anyway is left out. */
export function keelanfileText(form: ShipForm): string {
  const body = new Map<string, unknown>([['command', commandOf(form)]])
  const cwd = form.cwd.trim() || (form.said['root'] ? '' : '~/')
  if (cwd !== '') body.set('cwd', cwd)
  const env = form.env.filter(({ name, value }) => name !== '' || value !== '')
  if (env.length > 0) body.set('env', new Map(env.map(({ name, value }) => [name, value])))
  for (const field of allFields) {
    const value = valueOf(form, field).trim()
    if (value === field.fallback || value === '') continue
    const [group = '', inner] = field.key.split('.')
    if (inner === undefined) body.set(group, written(field, value))
    else body.set(group, ((body.get(group) as Map<string, unknown>) ?? new Map()).set(inner, written(field, value)))
  }
  return stringify({ ships: new Map([[form.name, body]]) }, { lineWidth: 0 })
}

function commandOf({ commandAs, command }: ShipForm): string | string[] {
  if (commandAs === 'line') return command.trim()
  // The last line ended with the Enter key is no argument; an empty one in between is.
  const words = command.replace(/\n$/, '').split('\n')
  return words.length === 1 && words[0] === '' ? [] : words
}

function written({ kind }: Field, value: string): unknown {
  if (kind === 'flag') return value === 'true'
  if (kind === 'number') return /^[-+]?\d+(\.\d+)?$/.test(value) ? Number(value) : value
  if (kind !== 'lines') return value
  return value.split('\n').flatMap((item) => item.trim() || [])
}

/**
 * What a Keelanfile could say and a form cannot: paths relative to the file, and a variable that is there twice, which would get
 * lost on the way into the text. In the shape of the helper's own faults; line and column do not matter to a form.
 */
export function formFaults(form: ShipForm): KeelanfileFault[] {
  const fault = (key: string, message: string): KeelanfileFault => ({
    line: 1,
    column: 1,
    key: `ships.${form.name}.${key}`,
    message,
  })
  const pathMessage = 'must begin with / or ~/ (your home folder)'
  const paths = allFields.filter(({ path }) => path).map((field) => [field.key, valueOf(form, field)] as const)
  const notFull = [['cwd', form.cwd] as const, ...paths].filter(([, text]) =>
    text.split('\n').some((path) => path.trim() !== '' && !/^(\/|~\/)/.test(path.trim())),
  )
  const names = form.env.map(({ name }) => name)
  const twice = new Set(names.filter((name, index) => name !== '' && names.indexOf(name) !== index))
  return [
    ...notFull.map(([key]) => fault(key, pathMessage)),
    ...[...twice].map((name) => fault(`env.${name}`, 'is there twice; leave one out')),
  ]
}

/** Messages by field: `name`, a key (`backoff.initial`), `env.PORT`; under the empty text those that belong to none. */
export function faultsByField(faults: readonly KeelanfileFault[], name: string): Map<string, string> {
  const byField = new Map<string, string>()
  const ship = `ships.${name}`
  for (const { key, message } of faults) {
    const own = key.startsWith(`${ship}.`) ? key.slice(ship.length + 1) : null
    const field = key === ship ? 'name' : own !== null && isField(own) ? own : ''
    const words = field === '' && key !== '' ? `${key}: ${message}` : message
    byField.set(field, byField.has(field) ? `${byField.get(field)}; ${words}` : words)
  }
  return byField
}

const isField = (key: string): boolean =>
  ['command', 'cwd', 'env'].includes(key) || key.startsWith('env.') || allFields.some((field) => field.key === key)

/** Pasted variables in place of the row they were pasted into, if that was empty, else behind it; a name that is there already gets its new value. */
export function withPasted(
  env: readonly Variable[],
  row: Variable,
  pasted: readonly Pick<Variable, 'name' | 'value'>[],
): Variable[] {
  const values = new Map(pasted.map(({ name, value }) => [name, value]))
  const kept = env.map((other) => ({ ...other, value: values.get(other.name) ?? other.value }))
  const known = new Set(env.map(({ name }) => name))
  const firstId = Math.max(0, ...env.map(({ id }) => id)) + 1
  const added = [...values]
    .filter(([name]) => !known.has(name))
    .map(([name, value], index) => ({ id: firstId + index, name, value }))
  const at = env.findIndex(({ id }) => id === row.id)
  const isEmpty = row.name === '' && row.value === ''
  return [...kept.slice(0, isEmpty ? at : at + 1), ...added, ...kept.slice(at + 1)]
}

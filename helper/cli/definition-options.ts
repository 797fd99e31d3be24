import { Option } from 'commander'
import { keys, notYetAvailable, plannedKeys } from '../keelanfile/keys.ts'
import type { Key } from '../keelanfile/keys.ts'
import { KeelanError } from '../api/errors.ts'
import { wrongUsage } from './failure.ts'
import { readOption } from './options.ts'

/** An option of `deploy` for each key of a Keelanfile but `command`, and hidden ones that refuse the keys of later versions by name. */
export function definitionOptions(): Option[] {
  return [...keys.filter(({ name }) => name !== 'command').map(optionOf), ...plannedKeys.map(plannedOption)]
}

/** What the options given say, by the names of keys. */
export function saidByOptions(given: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const said = new Map<string, unknown>()
  for (const key of keys) {
    const value = given[attributeOf(key)]
    if (value !== undefined) said.set(key.name, value)
  }
  return said
}

const attributeOf = (key: Key): string => optionOf(key).attributeName()

function optionOf(key: Key): Option {
  const { option, value, shape } = key
  if (typeof key.fallback === 'boolean') {
    return new Option(`--${option}`, key.fallback ? `turn this off: ${key.help}` : key.help)
  }
  const placeholder = shape === 'map' ? 'NAME=VALUE' : value.placeholder
  const result = new Option(`--${option} <${placeholder}>`, key.help + defaultInHelp(key))
  if (shape === 'map') {
    return result.argParser((typed, before: Record<string, unknown> | undefined) => {
      const at = typed.indexOf('=')
      if (at < 1) throw wrongUsage(`--${option} ${typed}: must be NAME=VALUE`)
      return { ...before, [typed.slice(0, at)]: readOption(value, typed.slice(at + 1)) }
    })
  }
  if (shape === 'list')
    return result.argParser((typed, before: unknown[] | undefined) => [...(before ?? []), readOption(value, typed)])
  result.argParser((typed) => readOption(value, typed))
  // Set for completion and help alone: `choices()` would bring a parser of its own.
  if (value.choices) result.argChoices = [...value.choices]
  return result
}

function defaultInHelp(key: Key): string {
  if (key.shape === 'map' || key.shape === 'list') return ' (may be repeated)'
  return key.fallback === undefined ? '' : ` (${String(key.value.write(key.fallback))} unless said)`
}

function plannedOption(name: string): Option {
  const option = `--${name.replace(/[._]/g, '-')}`
  return new Option(`${option} [value]`)
    .hideHelp()
    .argParser(() => refusePlanned(option))
    .preset('')
}

function refusePlanned(option: string): never {
  throw new KeelanError('NOT_YET_AVAILABLE', `${option} ${notYetAvailable.split(';')[0]}`)
}

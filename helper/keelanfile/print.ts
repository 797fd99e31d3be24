import { stringify } from 'yaml'
import type { ShipDefinition } from '../api/definition.ts'
import { keys } from './keys.ts'
import type { Key } from './keys.ts'

/** Definitions as a Keelanfile; what is as it would be anyway is left out. Reading it again gives the same definitions. */
export function printKeelanfile(definitions: readonly ShipDefinition[]): string {
  // Not a plain object: it would put a ship called 10 before one called 9b.
  return stringify(
    { ships: new Map(definitions.map((definition) => [definition.name, bodyOf(definition)])) },
    { lineWidth: 0 },
  )
}

function bodyOf(definition: ShipDefinition): Map<string, unknown> {
  const body = new Map<string, unknown>()
  for (const key of keys) {
    const value = key.field.reduce<unknown>((object, part) => (object as Record<string, unknown>)[part], definition)
    const fallback = key.name === 'cwd' && definition.root !== undefined ? '/' : key.fallback
    if (value === undefined || JSON.stringify(value) === JSON.stringify(fallback)) continue
    const [group = '', inner] = key.name.split('.')
    if (inner === undefined) body.set(group, writeValue(key, value))
    else body.set(group, ((body.get(group) as Map<string, unknown>) ?? new Map()).set(inner, writeValue(key, value)))
  }
  return body
}

/** A value of a definition as a Keelanfile writes it. */
export function writeValue({ shape, value }: Key, held: unknown): unknown {
  if (shape === 'map') return new Map(Object.entries(held as object).map(([name, item]) => [name, value.write(item)]))
  return Array.isArray(held) ? held.map((item) => value.write(item)) : value.write(held)
}

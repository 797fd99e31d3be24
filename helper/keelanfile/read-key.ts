import type { Key } from './keys.ts'
import { text } from './values.ts'
import type { Value, Written } from './values.ts'
import type { Place, Tree } from './yaml-tree.ts'

interface KeyFault extends Place {
  /** The variable, for a fault within `env`. */
  readonly entry?: string
  readonly message: string
}

/** The value of a key as a definition has it, with the place of each variable; or what is wrong with it. */
export interface ReadKey {
  readonly value: unknown
  readonly entries: ReadonlyMap<string, Place>
  readonly faults: readonly KeyFault[]
}

/** Reads what a Keelanfile says of one key. */
export function readKey({ shape, value }: Key, tree: Tree): ReadKey {
  const faults: KeyFault[] = []
  const entries = new Map<string, Place>()
  // An argument may be empty; a line for the shell may not.
  const reader = shape === 'command' && tree.kind === 'list' ? text : value
  const one = (item: Tree, entry?: string): unknown => {
    const result = readScalar(reader, item)
    if (result !== undefined) return result
    const message = `must be ${reader.expected}; got ${describeTree(item)}`
    faults.push({ ...placeOf(item), message, ...(entry !== undefined && { entry }) })
    return undefined
  }
  const read = (): unknown => {
    if (shape === 'map') {
      if (tree.kind === 'map') {
        for (const { key, place } of tree.entries) entries.set(key, place)
        return Object.fromEntries(tree.entries.map(({ key, value: item }) => [key, one(item, key)]))
      }
      faults.push({ ...placeOf(tree), message: `must be names with values; got ${describeTree(tree)}` })
      return undefined
    }
    if (tree.kind !== 'list' || shape === 'one') return shape === 'list' ? [one(tree)] : one(tree)
    if (tree.items.length === 0 && shape === 'command')
      faults.push({ ...placeOf(tree), message: `must be ${value.expected}; got an empty list` })
    return tree.items.map((item) => one(item))
  }
  return { value: read(), entries, faults }
}

function readScalar<T>(value: Value<T>, tree: Tree): T | undefined {
  if (tree.kind !== 'scalar' || tree.value === null) return undefined
  if (value.asText && typeof tree.value !== 'string') return value.read(tree.source)
  return ['string', 'number', 'boolean'].includes(typeof tree.value) ? value.read(tree.value as Written) : undefined
}

const placeOf = ({ line, column }: Tree): Place => ({ line, column })

/** What is there instead of what should be. */
export function describeTree(tree: Tree): string {
  if (tree.kind !== 'scalar') return `a ${tree.kind}`
  if (tree.value === null) return 'nothing'
  const shown = tree.source.length > 40 ? `${tree.source.slice(0, 40)}…` : tree.source
  return typeof tree.value === 'string' ? JSON.stringify(shown) : shown
}

import type { ShipDefinition } from '../api/definition.ts'
import { ShipName } from '../api/definition.ts'
import { groupNames, keys, notYetAvailable, plannedKeys } from './keys.ts'
import { didYouMean, nearest } from './nearest.ts'
import { describeTree, readKey } from './read-key.ts'
import { toDefinition } from './to-definition.ts'
import type { Folders, Problem } from './to-definition.ts'
import { readYaml } from './yaml-tree.ts'
import type { Entry, Fault, Place, Tree } from './yaml-tree.ts'

/** Longest Keelanfile, in bytes; the API takes no longer a request either. */
export const longestKeelanfile = 1_048_576

/** Nobody reads more of what is wrong. */
const mostFaults = 100

/** Ships in the order of the file, or what is wrong with it, in the order of its lines. */
export type Keelanfile = { ok: true; definitions: ShipDefinition[] } | { ok: false; faults: Fault[] }

/** A value and the places to name when it turns out to be wrong: of the key and, with `env`, of each variable. */
interface SaidHere {
  readonly value: unknown
  readonly path: string
  readonly place: Place
  readonly entries: ReadonlyMap<string, Place>
}

/** Reads a Keelanfile. It is taken whole or refused whole. */
export function parseKeelanfile(text: string, folders: Folders): Keelanfile {
  const faults: Fault[] = []
  const definitions = new Reader(faults, folders).read(text)
  if (faults.length === 0) return { ok: true, definitions }
  const unique = new Map(faults.map((fault) => [`${fault.line}:${fault.column}:${fault.message}`, fault]))
  return {
    ok: false,
    faults: [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column).slice(0, mostFaults),
  }
}

/** `line 4, column 11: ships.web.restart: must be …` */
export function describeFault({ line, column, key, message }: Fault): string {
  return `line ${line}, column ${column}: ${key === '' ? '' : `${key}: `}${message}`
}

class Reader {
  readonly #faults: Fault[]
  readonly #folders: Folders

  constructor(faults: Fault[], folders: Folders) {
    this.#faults = faults
    this.#folders = folders
  }

  read(text: string): ShipDefinition[] {
    const start = { line: 1, column: 1 }
    if (Buffer.byteLength(text) > longestKeelanfile) {
      this.#fault(start, '', 'the file is longer than 1 MiB')
      return []
    }
    const { tree, faults } = readYaml(text)
    for (const fault of faults) this.#faults.push(fault)
    if (!tree) {
      if (faults.length === 0)
        this.#fault(start, '', 'is empty; ships are listed under "ships:" (`keelan init` shows how)')
      return []
    }
    const top = this.#map(tree, '', 'a map with "ships:"')
    if (!top) return []
    const known = ['ships', 'defaults']
    for (const { key, place } of top) {
      if (!known.includes(key)) this.#unknown(key, key, place, known)
    }
    const find = (name: string) => top.find(({ key }) => key === name)
    const defaults = find('defaults')
    const ships = find('ships')
    const shared = defaults ? this.#said(defaults.value, 'defaults') : new Map<string, SaidHere>()
    if (!ships) this.#fault(tree, 'ships', 'is missing; each ship is a name with its keys below it')
    const list = ships && this.#map(ships.value, 'ships', 'names of ships, each with its keys below it')
    if (list?.length === 0) this.#fault(ships!.value, 'ships', 'must hold at least one ship')
    return (list ?? []).flatMap((ship) => this.#ship(ship, shared))
  }

  #ship({ key: name, place, value }: Entry, shared: ReadonlyMap<string, SaidHere>): ShipDefinition[] {
    const path = `ships.${name}`
    const before = this.#faults.length
    const { error } = ShipName.safeParse(name)
    if (error) this.#fault(place, path, error.issues[0]?.message ?? error.message)
    const said = merged(shared, this.#said(value, path))
    if (value.kind === 'map' && !said.has('command') && !value.entries.some(({ key }) => nearest(key, ['command'])))
      this.#fault(place, `${path}.command`, 'is missing; it is what the ship runs')
    if (this.#faults.length > before || !said.has('command')) return []
    const plain = new Map([...said].map(([key, { value: plainValue }]) => [key, plainValue]))
    const result = toDefinition(name, plain, this.#folders)
    if (!result.problems) return [result.definition]
    for (const problem of result.problems) this.#problem(problem, said, { path, place })
    return []
  }

  /** Everything that one map says, groups flattened to `backoff.initial`. */
  #said(tree: Tree, path: string, group = ''): Map<string, SaidHere> {
    const said = new Map<string, SaidHere>()
    for (const { key: written, place, value } of this.#map(tree, path, 'keys with values') ?? []) {
      const name = group === '' ? written : `${group}.${written}`
      const here = `${path}.${written}`
      const key = keys.find((candidate) => candidate.name === name)
      if (plannedKeys.includes(name)) this.#fault(place, here, notYetAvailable)
      else if (key) {
        const result = readKey(key, value)
        for (const { entry, ...fault } of result.faults)
          this.#fault(fault, entry === undefined ? here : `${here}.${entry}`, fault.message)
        if (result.faults.length === 0)
          said.set(name, { value: result.value, path: here, place: value, entries: result.entries })
      } else if (group === '' && groupNames.includes(name)) {
        for (const [inner, innerSaid] of this.#said(value, here, name)) said.set(inner, innerSaid)
      } else this.#unknown(written, here, place, namesWithin(group))
    }
    return said
  }

  #map(tree: Tree, path: string, expected: string): readonly Entry[] | undefined {
    if (tree.kind === 'map') return tree.entries
    this.#fault(tree, path, `must be ${expected}; got ${describeTree(tree)}`)
    return undefined
  }

  #unknown(word: string, path: string, place: Place, known: readonly string[]): void {
    this.#fault(place, path, `is not a key that is known here${didYouMean(word, known)}`)
  }

  #problem(
    { key, entry, message }: Problem,
    said: ReadonlyMap<string, SaidHere>,
    ship: { path: string; place: Place },
  ): void {
    const source = said.get(key)
    const place = (entry !== undefined && source?.entries.get(entry)) || source?.place || ship.place
    this.#fault(place, `${source?.path ?? ship.path}${entry === undefined ? '' : `.${entry}`}`, message)
  }

  #fault({ line, column }: Place, key: string, message: string): void {
    this.#faults.push({ line, column, key, message })
  }
}

/** A ship's own words over the defaults; variables are taken one by one. */
function merged(shared: ReadonlyMap<string, SaidHere>, own: ReadonlyMap<string, SaidHere>): Map<string, SaidHere> {
  const result = new Map([...shared, ...own])
  for (const { name, shape } of keys) {
    const [below, above] = [shared.get(name), own.get(name)]
    if (shape !== 'map' || !below || !above) continue
    const value = { ...(below.value as object), ...(above.value as object) }
    result.set(name, { ...above, value, entries: new Map([...below.entries, ...above.entries]) })
  }
  return result
}

const namesWithin = (group: string): string[] =>
  group === ''
    ? [...keys.map(({ name }) => name.split('.')[0]!), ...groupNames]
    : keys.filter(({ name }) => name.startsWith(`${group}.`)).map(({ name }) => name.slice(group.length + 1))

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Alias, Document, Node, Pair, Scalar } from 'yaml'

/** A place in a text; both count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** A YAML document with the place of everything in it; aliases and merge keys are resolved. */
export type Tree =
  | (Place & { readonly kind: 'scalar'; readonly value: unknown; readonly source: string })
  | (Place & { readonly kind: 'list'; readonly items: readonly Tree[] })
  | (Place & { readonly kind: 'map'; readonly entries: readonly Entry[] })

export interface Entry {
  readonly key: string
  /** Of the key. */
  readonly place: Place
  readonly value: Tree
}

/** Something wrong with a text: where, the keys that lead there (`ships.web.restart`, or nothing), and what would be right. */
export interface Fault extends Place {
  readonly key: string
  readonly message: string
}

/** Nodes that a document may have once its aliases are resolved: more than any Keelanfile has, and soon told. */
const mostNodes = 200_000
const deepest = 50

class TooMuch extends Error {}

/** Reads one YAML document. `tree` is null when there is nothing in it, or when it is no YAML. */
export function readYaml(text: string): { tree: Tree | null; faults: Fault[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, lineCounter: lines })
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const broken = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    ...place(pos[0]),
    key: '',
    message: code === 'MULTIPLE_DOCS' ? 'a second document begins here; a Keelanfile is one' : lowerFirst(message),
  }))
  if (broken.length > 0 || document.contents === null) return { tree: null, faults: broken }
  const builder = new TreeBuilder(aliasTargets(document), place)
  try {
    return { tree: builder.build(document.contents, '', 0), faults: builder.faults }
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error
    return { tree: null, faults: [{ line: 1, column: 1, key: '', message: error.message }] }
  }
}

class TreeBuilder {
  readonly faults: Fault[] = []
  readonly #targets: ReadonlyMap<Alias, Node>
  readonly #place: (offset: number) => Place
  #nodes = 0

  constructor(targets: ReadonlyMap<Alias, Node>, place: (offset: number) => Place) {
    this.#targets = targets
    this.#place = place
  }

  build(node: Node, path: string, depth: number): Tree {
    if (++this.#nodes > mostNodes) throw new TooMuch(`has more than ${mostNodes} values once its aliases are resolved`)
    if (depth > deepest) throw new TooMuch(`is nested more than ${deepest} levels deep, or an alias holds itself`)
    const place = this.#place(node.range?.[0] ?? 0)
    const target = this.#resolved(node, path)
    if (isMap(target)) return { ...place, kind: 'map', entries: this.#entries(target.items as Pair[], path, depth) }
    if (isSeq(target)) {
      const items = target.items.map((item) => this.build(item as Node, path, depth + 1))
      return { ...place, kind: 'list', items }
    }
    const { value = null, source = '' } = (target ?? {}) as Partial<Scalar>
    return { ...place, kind: 'scalar', value, source: source || String(value) }
  }

  #resolved(node: Node, path: string): Node | undefined {
    if (!isAlias(node)) return node
    const target = this.#targets.get(node)
    if (!target) this.#fault(node, path, `there is no anchor &${node.source} before this`)
    return target
  }

  #entries(pairs: Pair[], path: string, depth: number): Entry[] {
    const own = new Map<string, Entry>()
    const merged = new Map<string, Entry>()
    for (const { key, value } of pairs) {
      if (!isScalar(key)) {
        this.#fault(key as Node, path, 'a key must be text')
        continue
      }
      const keyNode = key as Scalar & Node
      if (key.value === '<<' && !isScalar(value)) {
        for (const entry of this.#merged(value as Node, path, depth))
          if (!merged.has(entry.key)) merged.set(entry.key, entry)
        continue
      }
      const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
      const here = path === '' ? name : `${path}.${name}`
      const first = own.get(name)
      if (first) {
        this.#fault(keyNode, here, `is there twice (first on line ${first.place.line}); leave one out`)
        continue
      }
      const place = this.#place(keyNode.range?.[0] ?? 0)
      // `key:` with nothing after it has no node of its own.
      const tree: Tree = value
        ? this.build(value as Node, here, depth + 1)
        : { ...place, kind: 'scalar', value: null, source: '' }
      own.set(name, { key: name, place, value: tree })
    }
    return [...new Map([...merged, ...own]).values()]
  }

  /** What `<<` takes in: one map, or a list of maps of which earlier ones win. */
  #merged(node: Node, path: string, depth: number): Entry[] {
    const tree = this.build(node, path, depth + 1)
    const maps = tree.kind === 'list' ? tree.items : [tree]
    if (maps.some(({ kind }) => kind !== 'map')) this.#fault(node, path, '<< takes a map, or a list of maps')
    return maps.flatMap((map) => (map.kind === 'map' ? map.entries : []))
  }

  #fault(node: Node, key: string, message: string): void {
    this.faults.push({ ...this.#place(node.range?.[0] ?? 0), key, message })
  }
}

/** What each alias stands for. The library's own `resolve` walks the whole document for every alias. */
function aliasTargets(document: Document.Parsed): Map<Alias, Node> {
  const anchors = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (target) targets.set(node, target)
      } else if (node.anchor) anchors.set(node.anchor, node)
    },
  })
  return targets
}

const lowerFirst = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1)

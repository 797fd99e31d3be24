import { join, resolve } from 'node:path'
import { ShipDefinition } from '../api/definition.ts'
import { keys } from './keys.ts'
import type { Key } from './keys.ts'

/** What a person said of a ship: names of keys, and values as a definition has them. Paths are still as written. */
export type Said = ReadonlyMap<string, unknown>

/** What relative paths and `~/` mean. */
export interface Folders {
  /** Absolute: the Keelanfile's folder, or the shell's. */
  readonly folder: string
  readonly home: string
}

export interface Problem {
  /** Name of the key, or of a group. */
  readonly key: string
  /** The variable, for a problem within `env`. */
  readonly entry?: string
  readonly message: string
}

/** Fills in every default and makes every path absolute. A definition comes back, or everything that is wrong. */
export function toDefinition(
  name: string,
  said: Said,
  folders: Folders,
): { definition: ShipDefinition; problems?: never } | { problems: Problem[] } {
  const draft: Record<string, unknown> = { name, backoff: {}, limits: {}, log: {} }
  for (const { name: key, field, fallback } of keys) {
    const value = said.get(key) ?? fallback
    if (value !== undefined) set(draft, field, value)
  }
  makeAbsolute(draft, folders)
  const result = ShipDefinition.safeParse(draft)
  if (!result.success) return { problems: result.error.issues.map(problemOf) }
  const { initialMs, maxMs } = result.data.backoff
  if (initialMs > maxMs)
    return { problems: [{ key: 'backoff.initial', message: 'must not be longer than backoff.max' }] }
  return { definition: result.data }
}

function set(draft: Record<string, unknown>, field: readonly string[], value: unknown): void {
  const [first = '', ...rest] = field
  if (rest.length === 0) draft[first] = value
  else set(draft[first] as Record<string, unknown>, rest, value)
}

function makeAbsolute(draft: Record<string, unknown>, { folder, home }: Folders): void {
  const absolute = (path: unknown) => {
    const written = String(path)
    return written.startsWith('~/') ? join(home, written.slice(2)) : resolve(folder, written)
  }
  draft['envFile'] = (draft['envFile'] as string[]).map(absolute)
  if (draft['root'] === undefined) draft['cwd'] = absolute(draft['cwd'] ?? '.')
  else {
    draft['root'] = absolute(draft['root'])
    draft['cwd'] = resolve('/', (draft['cwd'] as string | undefined) ?? '/')
  }
}

type Issue = NonNullable<ReturnType<typeof ShipDefinition.safeParse>['error']>['issues'][number]

/** What the contract says is wrong, in the words of the Keelanfile. */
function problemOf(issue: Issue): Problem {
  const key = keys.find(({ field }) => field.every((part, index) => part === issue.path[index]))
  if (!key) return { key: '', message: issue.message }
  const [entry] = key.shape === 'map' ? issue.path.slice(key.field.length) : []
  return { key: key.name, ...(entry !== undefined && { entry: String(entry) }), message: wordsOf(issue, key) }
}

function wordsOf(issue: Issue, { value }: Key): string {
  const said = (bound: number | bigint) => String(value.write(Number(bound)))
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  if (issue.code === 'custom' || issue.code === 'invalid_format') return issue.message
  if (issue.code === 'too_big' && issue.origin !== 'string') return `must be at most ${said(issue.maximum)}`
  if (issue.code === 'too_small' && issue.origin !== 'string') return `must be at least ${said(issue.minimum)}`
  return issue.code === 'too_big' ? `must be at most ${issue.maximum} characters long` : `must be ${value.expected}`
}

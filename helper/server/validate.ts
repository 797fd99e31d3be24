import type { z } from 'zod'
import { KeelanError } from '../api/errors.ts'

const mostInMessage = 3
const mostInDetails = 50

/**
 * The value as the schema gives it, defaults filled in. `part` (`query`, `body`) begins the path that a refusal names.
 * Throws INVALID_REQUEST, with one line that says what is wrong where, and `details` as a list of {path, message}.
 */
export function validate<S extends z.ZodType>(part: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => ({
    path: pathOf([part, ...issue.path]),
    message: inWords(issue, schema),
  }))
  const named = faults.slice(0, mostInMessage).map(({ path, message }) => `${path}: ${message}`)
  const more = faults.length > mostInMessage ? `; and ${faults.length - mostInMessage} more` : ''
  throw new KeelanError('INVALID_REQUEST', named.join('; ') + more, faults.slice(0, mostInDetails))
}

/** A path as one would write it: `body.ships[0].name`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : at === 0 ? key : `.${String(key)}`)).join('')
}

function inWords(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  if (issue.code === 'invalid_union') {
    const ways = issue.errors.flatMap(([first]) => (first ? [inWords(first, schema)] : []))
    return [...new Set(ways)].join(', or ') || issue.message
  }
  const message = issue.message.replace(/^Invalid input: /, '').replace(/\s+/g, ' ')
  if (issue.code !== 'unrecognized_keys' || issue.path.length > 0 || !('shape' in schema)) return message
  const known = Object.keys(schema.shape as object)
  return `${message}; ${known.length === 0 ? 'there are none' : `known are ${known.join(', ')}`}`
}

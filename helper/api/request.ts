import { errorTable, KeelanError } from './errors.ts'
import type { ErrorCode } from './errors.ts'
import { routes } from './routes.ts'
import type { CallOf, RouteName } from './routes.ts'

/** Path and query of a request, for every client of the API. */
export function requestPath<N extends RouteName>(
  name: N,
  params: CallOf<N>['params'] | object,
  query: CallOf<N>['query'] | object,
): string {
  const values = new Map(Object.entries(params))
  const path = routes[name].path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(values.get(key))))
  const pairs = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  )
  return path + (pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`)
}

/** The reply's JSON. Throws KeelanError INTERNAL. */
export function parsedReply(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new KeelanError('INTERNAL', `the helper's reply cannot be read: ${text.slice(0, 200)}`)
  }
}

/** The error that a reply tells of. A code that this client does not know (of a newer helper) stays readable in the message. */
export function errorOf(status: number | undefined, text: string): KeelanError {
  const { code, message, details } = Object(parsedReply(text)) as Record<string, unknown>
  if (typeof code !== 'string') return new KeelanError('INTERNAL', `the helper answered with status ${status}: ${text}`)
  if (Object.hasOwn(errorTable, code)) return new KeelanError(code as ErrorCode, String(message), details ?? null)
  return new KeelanError('INTERNAL', `${code}: ${String(message)}`, details ?? null)
}

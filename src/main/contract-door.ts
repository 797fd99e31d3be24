import { routes } from '../../helper/api/routes.ts'

/** A request as it goes on to the helper. */
export interface Passed {
  readonly method: string
  readonly path: string
}

const openapi = '/v1/openapi.json'

const known = Object.values(routes).map(({ method, path, params }) => ({
  method,
  params,
  keys: [...path.matchAll(/:(\w+)/g)].map(([, key]) => key!),
  pattern: new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/:\w+/g, '([^/]+)')}$`),
  path,
}))

/**
 * What of a page's request goes on to the helper: a route of the contract, written anew from the values in it; null: it is
 * none, and nothing goes on.
 */
export function passedOn(method: string, url: URL): Passed | null {
  if (method === 'GET' && url.pathname === openapi && url.search === '') return { method, path: openapi }
  // What two readers could understand in two ways: an encoded slash, backslash, dot, percent sign or NUL.
  if (/%(2e|2f|5c|25|00)|\\|\/\//i.test(url.pathname)) return null
  for (const route of known) {
    if (route.method !== method) continue
    const values = route.pattern.exec(url.pathname)?.slice(1).map(decoded)
    if (!values) continue
    const params = Object.fromEntries(route.keys.map((key, n) => [key, values[n]]))
    if (!route.params.safeParse(params).success) return null
    const path = route.keys.reduce(
      (text, key) => text.replace(`:${key}`, encodeURIComponent(params[key]!)),
      route.path as string,
    )
    return { method, path: path + url.search }
  }
  return null
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

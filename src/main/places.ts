import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import { AbsolutePath, ShipName } from '../../helper/api/definition.ts'

// What comes from outside (a link, the command line) becomes a place that the window shows, and nothing else: at most it
// fills in a form that a person then sends.

/** Text that shows what it is: no control characters, nothing that turns the direction of writing. */
const PlainText = z
  .string()
  .min(1)
  .max(4_096)
  .refine((text) => !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text), 'must hold no control characters')

const DeployQuery = z.strictObject({
  name: ShipName.optional(),
  command: PlainText.optional(),
  cwd: AbsolutePath.and(PlainText).optional(),
})

const ShipPage = z.enum(['log', 'runs', 'events', 'definition'])

/** The place that a link (`keelan://…`) means; null if it means none. */
export function placeOfLink(text: string): string | null {
  if (text.length > 16_384 || !URL.canParse(text)) return null
  const url = new URL(text)
  if (url.protocol !== 'keelan:' || url.username || url.password || url.port || url.hash) return null
  const words = url.pathname.split('/').filter((word) => word !== '')
  if (url.host === 'ship') return url.search === '' ? placeOfShip(words) : null
  if (url.host === 'deploy' && words.length === 0) return placeOfForm([...url.searchParams])
  return null
}

/** The place given with `--go`, if it is one of the app's; null if it is not. */
export function placeOfGo(text: string): string | null {
  const [page, ...words] = text.split('/').slice(1)
  if (!text.startsWith('/') || page === undefined) return null
  if (page === 'ships' && words.length > 0) return placeOfShip(words)
  return ['ships', 'helper', 'settings', 'deploy'].includes(page) && words.length === 0 ? `/${page}` : null
}

/** The form for what a Keelanfile holds that was given as an argument (from a file manager, say); null if it is none. */
export function placeOfFile(path: string, folder: string): string | null {
  if (!/(^|[/\\])Keelanfile\.ya?ml$|\.keelan$/.test(path) || !isAbsolute(folder)) return null
  const file = PlainText.safeParse(resolve(folder, path))
  return file.success ? `/deploy?${new URLSearchParams({ path: file.data }).toString()}` : null
}

function placeOfShip([name, page, ...more]: string[]): string | null {
  if (more.length > 0 || !ShipName.safeParse(name).success) return null
  if (page === undefined) return `/ships/${name}`
  return ShipPage.safeParse(page).success ? `/ships/${name}/${page}` : null
}

function placeOfForm(pairs: [string, string][]): string | null {
  const query = DeployQuery.safeParse(Object.fromEntries(pairs))
  if (!query.success || Object.keys(query.data).length !== pairs.length) return null
  return pairs.length === 0 ? '/deploy' : `/deploy?${new URLSearchParams(pairs).toString()}`
}

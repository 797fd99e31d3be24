import { routes } from '../../helper/api/routes.ts'
import { passedOn } from './contract-door.ts'
import { origin } from './policy.ts'

/** The name for a ship's log that is saved from this address, `web.log`; null: it is the address of no ship's log. */
export function logToSave(address: string): string | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  if (`${url.protocol}//${url.host}` !== origin || url.username || url.password) return null
  const [, name] = new RegExp(`^${routes.readLog.path.replace(':name', '([^/]+)')}$`).exec(url.pathname) ?? []
  if (name === undefined || !passedOn('GET', url)) return null
  return `${name}${url.searchParams.get('stream') === 'stderr' ? '.err' : ''}.log`
}

import type { ShipDefinition } from '../../../helper/api/definition.ts'
import { KeelanError } from '../../../helper/api/errors.ts'
import type { KeelanfileFault } from '../../../helper/api/keelanfile.ts'
import type { ApplyAction } from '../../../helper/api/routes.ts'
import { call } from '../api/client.ts'
import { withHiddenValues } from '../keelanfile/hidden-values.ts'

/** A text that was changed and not saved, and what it was made from; null: nothing was changed. */
export type Draft = { readonly from: string; readonly text: string; readonly isShown: boolean } | null

export const definitionDraft = (name: string): string => `definition of ${name}`

/** What a changed text means. `other`: it is not, or not only, this ship; `plan` is what applying it at once would do. */
export type Reading =
  | { readonly kind: 'faults'; readonly faults: readonly KeelanfileFault[] }
  | { readonly kind: 'other'; readonly names: readonly string[] }
  | { readonly kind: 'hidden'; readonly variables: readonly string[] }
  | { readonly kind: 'definition'; readonly definition: ShipDefinition; readonly plan: ApplyAction }

/** Reads a changed text, with the real values in place of hidden ones. Throws KeelanError. */
export async function readChange(
  name: string,
  { text, folder, isShown }: { text: string; folder: string; isShown: boolean },
): Promise<Reading> {
  const { ships, faults } = await call('readKeelanfile', { body: { text, folder } })
  if (faults.length > 0) return { kind: 'faults', faults }
  const [written] = ships
  if (!written || ships.length > 1 || written.name !== name)
    return { kind: 'other', names: ships.map((ship) => ship.name) }
  const { definition, unknown } = isShown ? { definition: written, unknown: [] } : await unmasked(written)
  if (unknown.length > 0) return { kind: 'hidden', variables: unknown }
  const reply = await call('applyShips', { body: { ships: [definition], replace: true, start: true, dryRun: true } })
  const plan = reply.ships[0]?.action ?? 'none'
  if (plan === 'create') throw new KeelanError('SHIP_NOT_FOUND', `${name} was removed meanwhile`)
  return { kind: 'definition', definition, plan }
}

async function unmasked(written: ShipDefinition) {
  const { definition } = await call('getShip', { params: { name: written.name }, query: { env: 'true' } })
  return withHiddenValues(written, definition.env)
}

/** Saves a definition. `restart`: the ship is restarted with it; else it applies at the next start. Throws KeelanError. */
export async function saveDefinition(definition: ShipDefinition, restart: boolean): Promise<void> {
  const reply = await call('applyShips', { body: { ships: [definition], replace: true, start: restart } })
  const ship = reply.ships[0]?.ship
  if (restart && ship?.status === 'failed')
    throw new KeelanError('FAILED_TO_START', `${definition.name} was changed, but could not be started: ${ship.reason}`)
}

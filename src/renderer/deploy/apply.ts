import type { ShipDefinition } from '../../../helper/api/definition.ts'
import { KeelanError } from '../../../helper/api/errors.ts'
import type { ApplyAction } from '../../../helper/api/routes.ts'
import type { Ship } from '../../../helper/api/ship.ts'
import { call } from '../api/client.ts'
import { mask } from '../keelanfile/hidden-values.ts'

/** What applying ships did, or would do. */
export interface Deployed {
  readonly start: boolean
  readonly ships: readonly { readonly name: string; readonly action: ApplyAction; readonly ship: Ship | null }[]
}

interface How {
  readonly replace: boolean
  readonly start: boolean
  readonly dryRun?: boolean
}

/** Applies ships, all or none. Throws KeelanError. */
export async function applyShips(
  ships: readonly ShipDefinition[],
  { replace, start, dryRun = false }: How,
): Promise<Deployed> {
  refuseMasks(ships)
  const reply = await call('applyShips', { body: { ships: [...ships], replace, start, dryRun } })
  return { start, ships: reply.ships }
}

/** A text copied from where values are hidden would replace them all by `***`. */
function refuseMasks(ships: readonly ShipDefinition[]): void {
  const masked = ships.flatMap(({ name, env }) =>
    Object.keys(env).flatMap((variable) => (env[variable] === mask ? [`${variable} of ${name}`] : [])),
  )
  if (masked.length > 0)
    throw new KeelanError(
      'INVALID_REQUEST',
      `*** stands for a hidden value; write the value itself: ${masked.join(', ')}`,
    )
}

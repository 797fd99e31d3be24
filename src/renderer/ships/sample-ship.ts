import { KeelanError } from '../../../helper/api/errors.ts'
import type { Ship } from '../../../helper/api/ship.ts'
import { call } from '../api/client.ts'

export const sampleName = 'sample'
/** Harmless, and at home on any system that has a shell. */
export const sampleCommand = `i=0; while :; do i=$((i+1)); echo "line $i of the sample ship, at $(date +%T)"; sleep 1; done`

const keelanfile = `ships:
  ${sampleName}:
    command: |
      ${sampleCommand}
`

/** Deploys a ship that prints a line each second, to see how things are. Throws KeelanError. */
export async function deploySample(): Promise<Ship | null> {
  const { ships, faults } = await call('readKeelanfile', { body: { text: keelanfile, folder: '/' } })
  const [fault] = faults
  if (fault) throw new KeelanError('INVALID_KEELANFILE', `${fault.key}: ${fault.message}`)
  const reply = await call('applyShips', { body: { ships } })
  return reply.ships[0]?.ship ?? null
}

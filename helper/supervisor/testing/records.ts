import { definitionOf } from '../../api/testing/definition.ts'
import type { ShimRecord, ShipRecord } from '../../api/records.ts'

export function shipOf(change: Partial<ShipRecord> = {}): ShipRecord {
  return {
    definition: definitionOf(),
    shellEnvironment: { PATH: '/usr/bin:/bin' },
    revision: 1,
    wish: 'up',
    state: { status: 'starting' },
    lastEnd: null,
    restarts: 0,
    shimId: '000000001-00000001',
    ...change,
  }
}

export function shimOf(change: Partial<ShimRecord> = {}): ShimRecord {
  return { id: '000000001-00000001', ship: 'web', revision: 1, identity: null, lastLine: 0, ended: false, ...change }
}

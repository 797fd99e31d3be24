import type { ShipDefinition } from '../../api/definition.ts'
import type { ShimRecord, ShipRecord } from '../../api/records.ts'

/** A definition with every default, for tests. */
export function definitionOf(change: Partial<ShipDefinition> = {}): ShipDefinition {
  return {
    name: 'web',
    command: ['/bin/sleep', '1000'],
    cwd: '/',
    env: {},
    envFile: [],
    inheritEnv: false,
    restart: 'on-failure',
    backoff: { initialMs: 500, factor: 2, maxMs: 30_000, jitter: 0, resetAfterMs: 10_000 },
    maxRestarts: 10,
    windowMs: 300_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
    limits: {},
    autostart: true,
    log: { split: false },
    ...change,
  }
}

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

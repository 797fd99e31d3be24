import type { ShipDefinition } from '../definition.ts'

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

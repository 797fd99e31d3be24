import type { Ship, ShipStatus } from '../../../helper/api/ship.ts'

export type IconState = 'well' | 'starting' | 'failed' | 'away'

/** How a ship stands, as the tray tells it: a ship that runs but fails its health check is no ship that is well. */
export type Standing = ShipStatus | 'unhealthy'

/** What each standing looks like, worst first. The marks differ in shape, since a menu has no colours. */
export const standings = {
  failed: { words: 'failed', mark: '▲', icon: 'failed' },
  unhealthy: { words: 'unhealthy', mark: '▲', icon: 'failed' },
  backoff: { words: 'waiting to start again', mark: '◐', icon: 'starting' },
  starting: { words: 'starting', mark: '◐', icon: 'starting' },
  stopping: { words: 'stopping', mark: '◐', icon: 'starting' },
  running: { words: 'running', mark: '●', icon: 'well' },
  stopped: { words: 'stopped', mark: '○', icon: 'well' },
} as const satisfies Record<Standing, { words: string; mark: string; icon: IconState }>

export const worstFirst = Object.keys(standings) as readonly Standing[]

export function standingOf({ status, health }: Ship): Standing {
  return status === 'running' && health === 'unhealthy' ? 'unhealthy' : status
}

import type { Ship } from '../../../helper/api/ship.ts'
import type { HelperState } from '../../preload/desktop.ts'
import { standingOf, standings, worstFirst, type IconState } from './standing.ts'

/** The icon for the worst of all states. Without the helper nobody knows how the ships are, so that is the worst. */
export function worstState(ships: readonly Ship[], helper: HelperState): IconState {
  if (helper.state !== 'running') return helper.state === 'starting' ? 'starting' : 'away'
  const present = new Set(ships.map(standingOf))
  const worst = worstFirst.find((standing) => present.has(standing))
  return worst ? standings[worst].icon : 'well'
}

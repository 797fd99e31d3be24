import type { Ship } from '../../../helper/api/ship.ts'
import { standingOf, worstFirst } from './standing.ts'

/**
 * Ships as the menu lists them: the worst first, then by name. Those in `kept` keep that order, whatever has become of
 * them, and the others follow.
 */
export function inOrder(ships: readonly Ship[], kept: readonly string[] = []): readonly Ship[] {
  const rank = (ship: Ship): number => worstFirst.indexOf(standingOf(ship))
  const places = new Map(kept.map((name, place) => [name, place]))
  const place = ({ name }: Ship): number => places.get(name) ?? kept.length
  return ships.toSorted((a, b) => place(a) - place(b) || rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
}

import type { Ship } from '../../../helper/api/ship.ts'
import type { HelperState } from '../../preload/desktop.ts'
import { standingOf, standings, type Standing } from './standing.ts'

/** Windows shows no more than 127 characters of a tooltip. */
const longest = 120
const mostNames = 5

/** How ships and helper are, in a line of at most 120 characters: `5 running, 1 failed: web`. */
export function tooltip(ships: readonly Ship[], helper: HelperState): string {
  return helper.state === 'running' ? shipsInWords(ships) : helperInWords(helper)
}

/** What there is to say of a helper that does not run, in a line of at most 120 characters. */
export function helperInWords(helper: Exclude<HelperState, { state: 'running' }>): string {
  switch (helper.state) {
    case 'starting':
      return 'The helper is starting'
    case 'away':
      return 'The helper is away; ships run on without it'
    case 'stopped':
      return 'The helper is stopped; ships run on without it'
    case 'gave-up':
      return clipped(`The helper does not stay up: ${helper.message}`)
  }
}

function shipsInWords(ships: readonly Ship[]): string {
  if (ships.length === 0) return 'No ships yet'
  const named = (standing: Standing): string[] =>
    ships
      .filter((ship) => standingOf(ship) === standing)
      .map(({ name }) => name)
      .sort()
  const counted = (standing: Standing): string[] => {
    const count = named(standing).length
    return count === 0 ? [] : [`${count} ${standings[standing].words}`]
  }
  const well = (['running', 'starting', 'stopping', 'backoff', 'stopped'] as const).flatMap(counted).join(', ')
  const [failed = '', unhealthy = ''] = (['failed', 'unhealthy'] as const).map((standing) => counted(standing).join())
  const separators = 4
  const room = longest - well.length - failed.length - unhealthy.length - separators
  const failedNames = namesWithin(named('failed'), room)
  const ill = [failed + failedNames, unhealthy + namesWithin(named('unhealthy'), room - failedNames.length)]
  return [well, ill.filter(Boolean).join('; ')].filter(Boolean).join(', ')
}

/** `: web, db and 4 more`, with as many names as fit, or nothing. */
function namesWithin(names: readonly string[], room: number): string {
  for (let shown = Math.min(names.length, mostNames); shown > 0; shown -= 1) {
    const more = names.length - shown
    const text = `: ${names.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
    if (text.length <= room) return text
  }
  return ''
}

function clipped(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`
}

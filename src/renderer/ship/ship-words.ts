import type { Run, Ship } from '../../../helper/api/ship.ts'
import { durationInWords } from '../ui/words.ts'

/** How the last run ended, and when: `code 7, 3 min ago`; null: none has ended yet. */
export function lastExitInWords(ship: Pick<Ship, 'exitCode' | 'signal' | 'stoppedAt'>, nowMs: number): string | null {
  const how = endInWords(ship)
  if (how === null) return null
  if (ship.stoppedAt === null) return how
  const ago = nowMs - Date.parse(ship.stoppedAt)
  return `${how}, ${ago < 1_000 ? 'just now' : `${durationInWords(ago)} ago`}`
}

/** `code 7` or `SIGKILL`; null: it is not known, or there was none. */
export function endInWords({ exitCode, signal }: Pick<Run, 'exitCode' | 'signal'>): string | null {
  return signal ?? (exitCode === null ? null : `code ${exitCode}`)
}

/** The health of a ship that runs, where somebody checks it; null: nobody does, or it does not run. */
export function healthInWords({ health }: Pick<Ship, 'health'>): string | null {
  switch (health) {
    case 'healthy':
      return 'Healthy'
    case 'unhealthy':
      return 'Unhealthy'
    case 'unknown':
      return 'Not checked'
    case null:
      return null
  }
}

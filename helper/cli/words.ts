import { assertNever } from '../api/errors.ts'
import type { Ship } from '../api/ship.ts'
import type { Colors } from './terminal.ts'
import { plain } from './terminal.ts'

/** `250ms`, `3s`, `5m 2s`, `2h 5m`, `3d 4h`: two units at most, rounded down. */
export function shortDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))}ms`
  const seconds = Math.floor(ms / 1_000)
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600), Math.floor(seconds / 86_400)]
  if (minutes === 0) return `${seconds}s`
  if (hours === 0) return `${minutes}m ${seconds % 60}s`
  return days === 0 ? `${hours}h ${minutes % 60}m` : `${days}d ${hours % 24}h`
}

/** `512 B`, `1.5 kB`, `12 MB`: powers of 1,000, two digits that count. */
export function shortSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1_000 ** power
  return `${power > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[power]}`
}

/** A time of the API in the person's own zone: `2026-11-22 10:00:00`. */
export function localTime(time: string): string {
  const date = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** How long a ship has been running, as a helper that answered just now said it; or, from its start, at `nowMs`. */
export function uptimeMs(ship: Ship, nowMs?: number): number | null {
  if (ship.startedAt === null) return null
  return nowMs === undefined && ship.uptimeSeconds !== null
    ? ship.uptimeSeconds * 1_000
    : Math.max(0, (nowMs ?? Date.now()) - Date.parse(ship.startedAt))
}

/** A ship's state in words: `running for 5m 2s, pid 4711`. */
export function stateInWords(ship: Ship, nowMs: number): string {
  switch (ship.status) {
    case 'starting':
      return 'starting'
    case 'running':
      return `running${forHowLong(uptimeMs(ship) ?? 0)}, pid ${ship.pid}${ship.health === 'unhealthy' ? ', unhealthy' : ''}`
    case 'stopping':
      return `stopping${ship.pid === null ? '' : `, pid ${ship.pid}`}`
    case 'stopped':
      return `stopped${ship.reason === null ? '' : `: ${plain(ship.reason)}`}`
    case 'backoff':
      return `${plain(ship.reason)}; starts again in ${shortDuration(Date.parse(ship.nextStartAt) - nowMs)}`
    case 'failed':
      return `failed: ${plain(ship.reason)}`
    default:
      return assertNever(ship)
  }
}

/** Nothing for what has only just begun. */
const forHowLong = (ms: number): string => (ms < 1_000 ? '' : ` for ${shortDuration(ms)}`)

/** The last exit code or signal, as a listing shows it. */
export const exitInWords = ({ exitCode, signal }: Ship): string =>
  signal ?? (exitCode === null ? '-' : String(exitCode))

export function coloredStatus(ship: Ship, colors: Colors): string {
  switch (ship.status) {
    case 'running':
      return ship.health === 'unhealthy' ? colors.yellow('unhealthy') : colors.green('running')
    case 'failed':
      return colors.red('failed')
    case 'stopped':
      return colors.dim('stopped')
    case 'starting':
    case 'stopping':
    case 'backoff':
      return colors.yellow(ship.status)
    default:
      return assertNever(ship)
  }
}

/** `3 running, 1 failed`; `no ships` when there are none. */
export function countsInWords(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0)
  return parts.length === 0 ? 'no ships' : parts.map(([status, count]) => `${count} ${status}`).join(', ')
}

import type { Settings } from '../api/settings.ts'

/**
 * When the quiet hours that a moment lies in are over, in ms since 1970; null: it lies in none. By the clock on the wall: on
 * the night it is changed they are as much longer or shorter.
 */
export function quietUntilMs(quietHours: Settings['quietHours'], nowMs: number): number | null {
  if (!quietHours) return null
  const now = new Date(nowMs)
  const minute = now.getHours() * 60 + now.getMinutes()
  const [from, to] = [minuteOf(quietHours.from), minuteOf(quietHours.to)]
  const isQuiet = from < to ? from <= minute && minute < to : from > to && (minute >= from || minute < to)
  if (!isQuiet) return null
  const isTomorrow = minute >= to
  const end = new Date(now.getFullYear(), now.getMonth(), now.getDate() + (isTomorrow ? 1 : 0), 0, to)
  // Where the clock is put forward, `to` may be a time that this night does not have.
  return Math.max(end.getTime(), nowMs + 1)
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

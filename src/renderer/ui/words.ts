/** `250 ms`, `3 s`, `5 min 2 s`, `2 h 5 min`, `3 d 4 h`: two units at most, rounded down, as the helper says it. */
export function durationInWords(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return two(minutes, 'min', seconds % 60, 's')
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? two(hours, 'h', minutes % 60, 'min') : two(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

const two = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  `${large} ${largeUnit}${small === 0 ? '' : ` ${small} ${smallUnit}`}`

/** `512 B`, `1.5 kB`, `12 MB`: powers of 1,000, two digits that count. */
export function sizeInWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1_000 ** power
  return `${power > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[power]}`
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** The day of a time of the API in the person's own zone: `2026-11-22`. */
export function localDay(time: string): string {
  const date = new Date(time)
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
}

/** The time of day: `10:00:00`. */
export function localClock(time: string): string {
  const date = new Date(time)
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`
}

/** `2026-11-22 10:00:00` */
export const localTime = (time: string): string => `${localDay(time)} ${localClock(time)}`

/** The time of day alone if it was on the day of `nowMs`. */
export function shortLocalTime(time: string, nowMs: number): string {
  return localDay(time) === localDay(new Date(nowMs).toISOString()) ? localClock(time) : localTime(time)
}

import { InvalidArgumentError } from 'commander'
import { duration } from '../keelanfile/values.ts'

/** The time that `--since` means: `10m` ago, `10:30` today, or an ISO time; one without a zone is in the person's own. */
export function sinceTime(typed: string, now: Date): Date {
  const ago = duration.read(typed)
  if (ago !== undefined) return new Date(now.getTime() - ago)
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(typed) ?? []
  if (hours !== undefined && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60) {
    const today = new Date(now)
    today.setHours(Number(hours), Number(minutes), Number(seconds), 0)
    return today
  }
  const iso = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(typed)
  // A date alone would be taken for midnight in Greenwich.
  const time = new Date(iso?.[1] === undefined ? `${typed}T00:00` : typed.replace(' ', 'T'))
  if (!iso || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError('It must be a time such as 10m or 2h (ago), 10:30 (today) or 2026-11-22T10:00:00Z.')
  return time
}

const width = '2026-11-22T10:00:00Z'.length

/** What `-t` puts before a line, to the second: `~` stands before a time that the line may be older than; blanks, if none is known. */
export function timePrefix(time: string | null, exact: boolean): string {
  if (time === null) return ' '.repeat(width + 1)
  return `${exact ? '' : '~'}${time.slice(0, width - 1)}Z `
}

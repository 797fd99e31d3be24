import type { LogTime } from './log-times.ts'

const NEWLINE = 10

/**
 * What goes in front of a line: the time of its first byte to the second, in UTC, and a space. A `~` is in front of one
 * that is an upper bound only, a single `-` stands for one that is not known.
 */
export function formatLineTime(time: LogTime | undefined): string {
  if (!time) return '- '
  return `${time.exact ? '' : '~'}${new Date(time.timeMs).toISOString().slice(0, 19)}Z `
}

/**
 * Puts the time in front of each line of what is read or followed, whatever pieces it comes in. `timeOf` gives the time
 * of an offset; of a ship that runs, what is not noted yet was written within the last second. The first piece begins
 * with a line, if `atLineStart`.
 */
export async function* stampLines(
  pieces: AsyncIterable<{ offset: number; bytes: Buffer }>,
  timeOf: (offset: number) => LogTime | undefined,
  atLineStart = true,
): AsyncGenerator<Buffer> {
  let starting = atLineStart
  for await (const { offset, bytes } of pieces) {
    const parts: Buffer[] = []
    for (let at = 0; at < bytes.length;) {
      if (starting) parts.push(Buffer.from(formatLineTime(timeOf(offset + at))))
      const newline = bytes.indexOf(NEWLINE, at)
      const end = newline < 0 ? bytes.length : newline + 1
      parts.push(bytes.subarray(at, end))
      starting = newline >= 0
      at = end
    }
    if (parts.length > 0) yield Buffer.concat(parts)
  }
}

import type { LogLine } from './log-line.ts'

type Place = Pick<LogLine, 'offset' | 'end'>

/** Whole lines that the person marked, from where they began to where they are now. They stay marked wherever is looked. */
export interface LineSelection {
  readonly anchor: Place
  readonly head: Place
}

export interface ByteRange {
  readonly from: number
  readonly to: number
}

/** What is selected: from the first byte to the one behind the last. */
export function rangeOf({ anchor, head }: LineSelection): ByteRange {
  return { from: Math.min(anchor.offset, head.offset), to: Math.max(anchor.end, head.end) }
}

export const isSelected = (selection: LineSelection | null, { offset }: Place): boolean =>
  selection !== null && offset >= rangeOf(selection).from && offset < rangeOf(selection).to

/** One line; or, to extend, all between it and where the selection began. */
export function select(before: LineSelection | null, line: Place, extends_: boolean): LineSelection {
  const place = { offset: line.offset, end: line.end }
  return { anchor: extends_ && before ? before.anchor : place, head: place }
}

/** The selection with its end one line further; the same where there is no such line. It begins at `start` if nothing is selected. */
export function extended(
  before: LineSelection | null,
  lines: readonly LogLine[],
  step: 1 | -1,
  start: Place,
): LineSelection {
  if (!before) return select(null, start, false)
  const index = lines.findIndex(({ offset }) => offset === before.head.offset)
  const line = lines[index + step]
  return index < 0 || !line ? before : select(before, line, true)
}

import { startPatternWorker } from './pattern-worker.ts'

const NEWLINE = 10

/** What is looked for within lines. */
export interface Wanted {
  text: string
  /** `text` is a regular expression. */
  regex: boolean
  /** Upper and lower case differ. */
  case: boolean
}

/** Finds the lines of a block that match. To be closed. */
export interface LineFinder {
  /** Where they begin within the block, ascending. */
  linesIn(block: Buffer): Iterable<number> | Promise<Iterable<number>>
  /** Bytes at the end of one piece of a long line that are to be seen with the next piece again, so that nothing is cut in two. */
  readonly overlap: number
  close(): Promise<void>
}

/**
 * The fastest way to find something: bytes as they are; text in ASCII without regard to case by the engine for regular
 * expressions, a block at a time, which is safe as nothing in such text can backtrack; all else a line at a time in a thread
 * (see pattern-worker.ts). Throws SyntaxError for a text that is no regular expression.
 */
export function lineFinder(wanted: Wanted, signal: AbortSignal, patternLimitMs: number): LineFinder {
  const { text, regex } = wanted
  const bytes = Buffer.from(text)
  const whole = { overlap: bytes.length - 1, close: () => Promise.resolve() }
  if (!regex && wanted.case) return { ...whole, linesIn: (block) => linesWith(block, (at) => block.indexOf(bytes, at)) }
  const isAscii = bytes.length === text.length
  if (!regex && isAscii) {
    const pattern = new RegExp(escaped(text), 'gi')
    // As latin1, so that each byte is one character. None of those beyond ASCII is another case of one within it.
    return { ...whole, linesIn: (block) => linesWith(block, indexIn(block.toString('latin1'), pattern, text.length)) }
  }
  const pattern = regex ? new RegExp(text, wanted.case ? '' : 'i') : new RegExp(escaped(text), 'iu')
  const worker = startPatternWorker(pattern, patternLimitMs)
  return {
    linesIn: (block) => worker.matchingLines(block, signal),
    overlap: regex ? 0 : whole.overlap,
    close: () => worker.close(),
  }
}

/** `indexFrom` gives the next match at or after an index; -1 if there is none. */
function* linesWith(block: Buffer, indexFrom: (at: number) => number): Generator<number, void, void> {
  for (let at = 0; at < block.length;) {
    const found = indexFrom(at)
    if (found < 0) return
    yield block.lastIndexOf(NEWLINE, found) + 1
    const end = block.indexOf(NEWLINE, found)
    at = end < 0 ? block.length : end + 1
  }
}

function indexIn(text: string, pattern: RegExp, length: number): (at: number) => number {
  return (at) => {
    pattern.lastIndex = at
    return pattern.test(text) ? pattern.lastIndex - length : -1
  }
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

import type { Span } from './line-spans.ts'
import type { SearchQuery } from './log-search.ts'

export interface MarkedSpan extends Span {
  readonly isMatch: boolean
}

/** More matches than this in one line are not marked. */
const mostMarks = 1_000

/** The pieces of a line, cut where a pattern matches the text that one sees. `pattern` has the flag `g`. */
export function marked(spans: readonly Span[], pattern: RegExp | null): MarkedSpan[] {
  const cuts = pattern ? matches(spans.map(({ text }) => text).join(''), pattern) : []
  const pieces: MarkedSpan[] = []
  let start = 0
  let next = 0
  for (const span of spans) {
    const end = start + span.text.length
    for (let at = start; at < end;) {
      while (next < cuts.length && cuts[next]!.to <= at) next++
      const cut = cuts[next]
      const isMatch = cut !== undefined && cut.from <= at
      const until = Math.min(end, cut === undefined ? end : isMatch ? cut.to : cut.from)
      pieces.push({ ...span, text: span.text.slice(at - start, until - start), isMatch })
      at = until
    }
    start = end
  }
  return pieces
}

function matches(text: string, pattern: RegExp): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (const { 0: match, index } of text.matchAll(pattern)) {
    if (match.length > 0) found.push({ from: index, to: index + match.length })
    if (found.length === mostMarks) break
  }
  return found
}

/** What matches within a line, to be marked; null if the text is no regular expression. */
export function patternOf({ text, regex, case: isCase }: SearchQuery): RegExp | null {
  try {
    return regex ? new RegExp(text, isCase ? 'g' : 'gi') : new RegExp(escaped(text), isCase ? 'gu' : 'giu')
  } catch {
    return null
  }
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Of a line this many bytes are kept; the rest of a longer one is read when the person asks for it. */
export const keptBytes = 4_096

const newline = 10
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const strictDecoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })

/** A line of a log. Offsets are in bytes from the start of the log; `end` is behind its newline, if it has one. */
export interface LogLine {
  readonly offset: number
  readonly end: number
  /** Bytes of it without the newline. */
  readonly length: number
  /** What is kept of it. */
  readonly text: string
  /** The bytes of `text`, where they are no UTF-8. */
  readonly bytes: Uint8Array | null
  /** When it was written, in ms since 1970; null: nobody knows. */
  readonly time: number | null
  /** False: it was written at `time` or before. */
  readonly exact: boolean
}

/** The line ends with a newline; else it may still grow. */
export const isComplete = ({ offset, end, length }: LogLine): boolean => end - offset > length

/** A line from its first bytes; `length` is that of all of it without the newline. */
export function lineOf(
  start: Uint8Array,
  place: Pick<LogLine, 'offset' | 'end' | 'length'>,
  when: Pick<LogLine, 'time' | 'exact'>,
): LogLine {
  const isCut = place.length > keptBytes || start.length > keptBytes
  return { ...place, ...when, ...textOf(isCut ? wholeCharacters(start.subarray(0, keptBytes)) : start) }
}

/** Bytes as text; where they are no UTF-8, with the bytes beside it. */
export function textOf(bytes: Uint8Array): Pick<LogLine, 'text' | 'bytes'> {
  try {
    return { text: strictDecoder.decode(bytes), bytes: null }
  } catch {
    return { text: decoder.decode(bytes), bytes: bytes.slice() }
  }
}

/** One line of a reply with `format=json`. */
export interface LogEntry {
  position: string
  next: string
  time: string | null
  exact: boolean
  text: string
  base64?: string
}

/** The lines of a page; only its last can lack a newline. */
export function linesOfEntries(entries: readonly LogEntry[]): LogLine[] {
  return entries.map((entry, index) => {
    const offset = offsetOf(entry.position)
    const end = offsetOf(entry.next)
    const when = { time: entry.time === null ? null : Date.parse(entry.time), exact: entry.exact }
    const isLast = index === entries.length - 1
    const isText = entry.base64 === undefined
    if (isText && !isLast && end - offset <= keptBytes)
      return { offset, end, length: end - offset - 1, text: entry.text, bytes: null, ...when }
    const bytes = entry.base64 === undefined ? encoder.encode(entry.text) : fromBase64(entry.base64)
    return lineOf(bytes, { offset, end, length: isLast ? bytes.length : end - offset - 1 }, when)
  })
}

export interface Position {
  readonly generation: number
  readonly offset: number
}

export const formatPosition = ({ generation, offset }: Position): string => `${generation}:${offset}`

/** Reads `GENERATION:OFFSET`; null for anything else. */
export function parsePosition(text: string | null): Position | null {
  const match = /^(\d{1,15}):(\d{1,15})$/.exec(text ?? '')
  return match && { generation: Number(match[1]), offset: Number(match[2]) }
}

function offsetOf(position: string): number {
  return Number(position.slice(position.indexOf(':') + 1))
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** Without a last character that was cut in two. */
export function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let start = bytes.length - 1
  while (start > bytes.length - 4 && start > 0 && (bytes[start]! & 0xc0) === 0x80) start--
  const first = bytes[start] ?? 0
  const needs = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
  return start + needs > bytes.length ? bytes.subarray(0, start) : bytes
}

/** How many newlines there are. */
export function countLines(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) if (byte === newline) count++
  return count
}

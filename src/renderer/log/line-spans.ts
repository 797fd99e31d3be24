// oxlint-disable no-control-regex -- control characters are what this is about
import Anser from 'anser'
import type { LogLine } from './log-line.ts'

/** A colour as a ship asks for it: one of the 16 that every terminal has its own idea of, or an exact one. */
export type Colour = number | Rgb
export type Rgb = readonly [red: number, green: number, blue: number]

export interface SpanStyle {
  readonly fg: Colour | null
  readonly bg: Colour | null
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
  readonly strike: boolean
  readonly reverse: boolean
}

/** A piece of a line. `isControl`: it stands for a character or byte that cannot be shown. */
export interface Span {
  readonly text: string
  readonly isControl: boolean
  readonly style: SpanStyle | null
}

/**
 * What a line looks like: its colours, and no other sequence for a terminal; control characters are shown as `^X`, those that
 * turn the direction of text or end lines as `U+202E`, bytes that are no text as `\x1b`. A line begins without
 * colours, whatever the one before it switched on.
 */
export function spansOf({ text, bytes }: Pick<LogLine, 'text' | 'bytes'>): Span[] {
  const shown = (bytes ? textOf(bytes) : text).replace(/\r$/, '')
  const spans: Span[] = []
  const terminal = new Anser()
  let style: SpanStyle | null = null
  let from = 0
  for (const { 0: found, index } of shown.matchAll(special)) {
    if (index > from) spans.push({ text: shown.slice(from, index), isControl: false, style })
    from = index + found.length
    if (/^\x1b\[[\d;:]*m$/.test(found)) style = styleAfter(terminal, found.slice(2, -1))
    else if (!found.startsWith('\x1b') || found.length === 1)
      spans.push({ text: nameOf(found), isControl: true, style })
  }
  if (from < shown.length) spans.push({ text: shown.slice(from), isControl: false, style })
  return spans
}

/** A line as it is copied: what one sees. */
export const plainText = (line: Pick<LogLine, 'text' | 'bytes'>): string =>
  spansOf(line)
    .map(({ text }) => text)
    .join('')

/** A string sequence (OSC, DCS, SOS, PM, APC) ends with BEL or ST; see ECMA-48 for the forms. */
const stringSequence = String.raw`\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?`
const controlSequence = String.raw`\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]?`
const otherSequence = String.raw`\x1b[\x20-\x2f]*[\x30-\x7e]?`
/** Bytes that are no UTF-8 are lone surrogates here (`textOf`). */
const unseen = String.raw`[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\udc80-\udcff]`
const special = new RegExp(`${stringSequence}|${controlSequence}|${otherSequence}|${unseen}`, 'gu')

function nameOf(character: string): string {
  const code = character.codePointAt(0)!
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
  if (code < 0x80) return `^${String.fromCharCode(code ^ 0x40)}`
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

function styleAfter(terminal: Anser, parameters: string): SpanStyle | null {
  // ISO 8613-6 writes exact colours with colons, and may leave a place for a colour space; `4:3` is a kind of underline.
  const usual = parameters
    .replace(/([34]8):2:(\d*:)(?=\d+:\d+:\d+)/g, '$1;2;')
    .replace(/\b4:\d/g, '4')
    .replaceAll(':', ';')
  const { fg, bg, fg_truecolor, bg_truecolor, decorations } = terminal.processChunkJson(
    `${usual}m`,
    { use_classes: true },
    true,
  )
  const has = new Set(decorations)
  const style = {
    fg: colourOf(fg, fg_truecolor),
    bg: colourOf(bg, bg_truecolor),
    bold: has.has('bold'),
    dim: has.has('dim'),
    italic: has.has('italic'),
    underline: has.has('underline'),
    strike: has.has('strikethrough'),
    reverse: has.has('reverse'),
  }
  return Object.values(style).some((value) => value !== false && value !== null) ? style : null
}

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

function colourOf(name: string | null, exact: string | null): Colour | null {
  if (!name) return null
  if (name === 'ansi-truecolor') return exact ? (exact.split(',').map(Number) as unknown as Rgb) : null
  const [, kind, number] = /^ansi-(bright|palette)?-?(.*)$/.exec(name) ?? []
  if (kind === 'palette') return ofPalette(Number(number))
  return names.indexOf(number ?? '') + (kind === 'bright' ? 8 : 0)
}

/** The 256 colours of xterm: 16 of its own, a cube of 6x6x6, and 24 shades of grey. */
function ofPalette(index: number): Colour {
  if (index < 16) return index
  if (index >= 232) return [8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232)]
  const level = (step: number): number => (step === 0 ? 0 : 55 + 40 * step)
  const cube = index - 16
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)]
}

/** Text of bytes, in which each byte that is no UTF-8 is the lone surrogate U+DC00 + byte. */
function textOf(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  let from = 0
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at)
    if (length === 0) {
      text += decoder.decode(bytes.subarray(from, at)) + String.fromCharCode(0xdc00 + bytes[at]!)
      from = at + 1
    }
    at += length || 1
  }
  return text + decoder.decode(bytes.subarray(from))
}

/** Bytes of the character that begins at `at`, 0 if none does. The Unicode Standard, table 3-7. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  const second = bytes[at + 1] ?? 0
  const goesOn = (offset: number): boolean => ((bytes[at + offset] ?? 0) & 0xc0) === 0x80
  if (first < 0x80) return 1
  if (first >= 0xc2 && first <= 0xdf) return goesOn(1) ? 2 : 0
  if (first >= 0xe0 && first <= 0xef) {
    const lowest = first === 0xe0 ? 0xa0 : 0x80
    const highest = first === 0xed ? 0x9f : 0xbf
    return second >= lowest && second <= highest && goesOn(2) ? 3 : 0
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const lowest = first === 0xf0 ? 0x90 : 0x80
    const highest = first === 0xf4 ? 0x8f : 0xbf
    return second >= lowest && second <= highest && goesOn(2) && goesOn(3) ? 4 : 0
  }
  return 0
}

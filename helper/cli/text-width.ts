import { stripVTControlCharacters } from 'node:util'

// oxlint-disable-next-line no-control-regex -- a colour code begins with one
const colorCode = /(\x1b\[[\d;]*m)/
const segmenter = new Intl.Segmenter()

/** Blocks whose characters are East Asian Wide or Fullwidth (Unicode UAX #11), as first and last code point. */
const wideBlocks: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18cff],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
]

/** How many columns a terminal needs for a text; colour codes need none. */
export function widthOf(text: string): number {
  const bare = stripVTControlCharacters(text)
  if (/^[\x20-\x7e]*$/.test(bare)) return bare.length
  return [...segmenter.segment(bare)].reduce((width, { segment }) => width + graphemeWidth(segment), 0)
}

/** The text, or as much of it as fits with a `…` after it. Colour codes stay, so that colours end where they should. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let left = width - 1
  return text
    .split(colorCode)
    .map((piece, index) => {
      // Every other piece is a colour code.
      if (index % 2 === 1 || left < 0) return index % 2 === 1 ? piece : ''
      let kept = ''
      for (const { segment } of segmenter.segment(piece)) {
        left -= graphemeWidth(segment)
        if (left < 0) return `${kept}…`
        kept += segment
      }
      return kept
    })
    .join('')
}

function graphemeWidth(grapheme: string): number {
  if (/\p{Emoji_Presentation}|\u{fe0f}/u.test(grapheme)) return 2
  const code = grapheme.codePointAt(0) ?? 0
  if (/^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u.test(grapheme)) return 0
  return wideBlocks.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}

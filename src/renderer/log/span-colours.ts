import type { Colour, Rgb, SpanStyle } from './line-spans.ts'

export type Theme = 'light' | 'dark'

/** What a piece of text looks like in one theme; null: as the text around it. */
export interface Look {
  readonly fg: string | null
  readonly bg: string | null
}

/** Text on the page and the least friendly ground it may have: that of a selected line. They follow styles/tokens.css, which a test checks. */
export const grounds = {
  light: { text: [22, 34, 47], ground: [228, 238, 250] },
  dark: { text: [228, 235, 242], ground: [23, 48, 74] },
} as const satisfies Record<Theme, { text: Rgb; ground: Rgb }>

/** The 16 colours as text: legible on the page, and each still the colour it is called. */
const asText: Record<Theme, readonly Rgb[]> = {
  light: [
    [22, 34, 47],
    [168, 32, 26],
    [15, 98, 52],
    [116, 76, 0],
    [24, 72, 168],
    [128, 38, 138],
    [8, 91, 104],
    [79, 94, 110],
    [79, 94, 110],
    [181, 24, 16],
    [9, 99, 46],
    [122, 79, 0],
    [25, 79, 190],
    [145, 36, 156],
    [5, 95, 109],
    [0, 0, 0],
  ],
  dark: [
    [147, 161, 175],
    [255, 138, 128],
    [86, 196, 139],
    [240, 178, 79],
    [138, 187, 247],
    [217, 164, 232],
    [92, 200, 214],
    [201, 211, 221],
    [147, 161, 175],
    [255, 166, 158],
    [123, 220, 168],
    [255, 208, 117],
    [168, 205, 255],
    [236, 189, 246],
    [143, 224, 234],
    [255, 255, 255],
  ],
}

/** The 16 colours as a ground: those of xterm, more or less, the same in both themes. */
const asGround: readonly Rgb[] = [
  [30, 36, 43],
  [176, 32, 26],
  [20, 112, 60],
  [181, 137, 0],
  [28, 84, 180],
  [142, 46, 152],
  [12, 112, 126],
  [203, 211, 219],
  [96, 108, 120],
  [232, 76, 66],
  [62, 184, 112],
  [240, 192, 64],
  [90, 150, 240],
  [206, 110, 218],
  [64, 190, 204],
  [255, 255, 255],
]

const leastContrast = 4.5

/** What a style looks like. Colours a ship chose are moved towards black or white as far as it takes to read them. */
export function lookOf({ fg, bg, reverse }: Pick<SpanStyle, 'fg' | 'bg' | 'reverse'>, theme: Theme): Look {
  const { text, ground } = grounds[theme]
  if (!reverse && bg === null) {
    return { fg: fg === null ? null : css(typeof fg === 'number' ? asText[theme][fg]! : legible(fg, ground)), bg: null }
  }
  const over = reverse ? (fg === null ? text : exact(fg)) : exact(bg!)
  const under = reverse ? (bg === null ? ground : exact(bg)) : fg === null ? text : exact(fg)
  return { fg: css(legible(under, over)), bg: css(over) }
}

/** Contrast of two colours as WCAG 2.2 computes it: 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (high! + 0.05) / (low! + 0.05)
}

const exact = (colour: Colour): Rgb => (typeof colour === 'number' ? asGround[colour]! : colour)

function legible(colour: Rgb, ground: Rgb): Rgb {
  const goal = contrast([0, 0, 0], ground) > contrast([255, 255, 255], ground) ? 0 : 255
  for (let part = 0; part < 1; part += 0.1) {
    const mixed = colour.map((value) => Math.round(value + (goal - value) * part)) as unknown as Rgb
    if (contrast(mixed, ground) >= leastContrast) return mixed
  }
  return [goal, goal, goal]
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

const css = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`

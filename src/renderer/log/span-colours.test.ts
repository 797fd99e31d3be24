import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Colour, Rgb } from './line-spans.ts'
import { contrast, grounds, lookOf } from './span-colours.ts'

const tokens = readFileSync(join(import.meta.dirname, '../styles/tokens.css'), 'utf8')

/** A colour of the page in both themes. */
function token(name: string): { light: Rgb; dark: Rgb } {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\(#(\\w{6}), #(\\w{6})\\)`).exec(tokens)!
  const rgb = (hex: string) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb
  return { light: rgb(light!), dark: rgb(dark!) }
}

const rgbOf = (css: string): Rgb => css.match(/\d+/g)!.map(Number) as unknown as Rgb
const plain = { fg: null, bg: null, reverse: false }
const colour = fc.oneof(fc.nat(15), fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255))) as fc.Arbitrary<Colour>

test('knows the colours of the page', () => {
  for (const theme of ['light', 'dark'] as const)
    expect(grounds[theme]).toEqual({ text: token('text')[theme], ground: token('bg-selected')[theme] })
})

test.each(['light', 'dark'] as const)('every colour can be read on every ground of the page (%s)', (theme) => {
  const pageGrounds = ['bg-sunken', 'bg-selected', 'bg-warn'].map((name) => token(name)[theme])
  fc.assert(
    fc.property(colour, (fg) => {
      const look = lookOf({ ...plain, fg }, theme)
      for (const ground of pageGrounds) expect(contrast(rgbOf(look.fg!), ground)).toBeGreaterThanOrEqual(4.5)
    }),
    { examples: Array.from({ length: 16 }, (_, index): [Colour] => [index]) },
  )
})

test.each(['light', 'dark'] as const)('every colour can be read on every ground that a ship chooses (%s)', (theme) => {
  fc.assert(
    fc.property(fc.option(colour), fc.option(colour), fc.boolean(), (fg, bg, reverse) => {
      const look = lookOf({ fg, bg, reverse }, theme)
      if (look.bg !== null) expect(contrast(rgbOf(look.fg!), rgbOf(look.bg))).toBeGreaterThanOrEqual(4.5)
      expect(look.bg === null).toBe(bg === null && !reverse)
    }),
  )
})

test('text without colours is as the text around it', () => {
  expect(lookOf(plain, 'light')).toEqual({ fg: null, bg: null })
})

test('red stays red', () => {
  for (const theme of ['light', 'dark'] as const) {
    const [red, green, blue] = rgbOf(lookOf({ ...plain, fg: 1 }, theme).fg!)
    expect(red).toBeGreaterThan(green + 80)
    expect(red).toBeGreaterThan(blue + 80)
  }
})

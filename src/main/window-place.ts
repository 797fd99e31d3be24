import { readFileSync } from 'node:fs'
import { z } from 'zod'

const Rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
})
export type Rectangle = z.infer<typeof Rectangle>

/** Where a window was when it was closed. */
const WindowPlace = z.object({ bounds: Rectangle, maximized: z.boolean() })
export type WindowPlace = z.infer<typeof WindowPlace>

export const usualSize = { width: 1_080, height: 720 } as const
export const smallestSize = { width: 520, height: 400 } as const

/** At least this much of a window, in pixels each way, must be on a screen for a person to find it and move it. */
const grip = 100

/** What was remembered; null if it cannot be read. */
export function readWindowPlace(file: string): WindowPlace | null {
  try {
    return WindowPlace.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/**
 * Size and position of a window that opens: those of last time, as far as the screens there are now allow. Without a
 * position the desktop chooses one.
 */
export function openingBounds(
  last: WindowPlace | null,
  screens: readonly Rectangle[],
): { width: number; height: number; x?: number; y?: number } {
  if (!last) return usualSize
  const { bounds } = last
  const screen = screens.find((area) => overlap(bounds, area) >= grip)
  const { width, height } = screen ?? screens[0] ?? bounds
  const size = {
    width: Math.max(Math.min(bounds.width, width), smallestSize.width),
    height: Math.max(Math.min(bounds.height, height), smallestSize.height),
  }
  // Its upper edge is what it is moved by.
  return screen && bounds.y >= screen.y ? { ...size, x: bounds.x, y: bounds.y } : size
}

/** The smaller side, in pixels, of what two rectangles have in common; 0 or less: nothing. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.min(width, height)
}

import { useEffect, useState } from 'react'
import type { RefObject } from 'react'

/** How wide a character of the log is and how high the list, in pixels, and how many characters have room in a line. */
export function useTextSize(scroller: RefObject<HTMLElement | null>, showsTimes: boolean) {
  const [size, setSize] = useState({ characterWidth: 7.5, columns: 100, height: 0 })
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = (): void => {
      const probe = document.createElement('canvas').getContext('2d')
      if (!probe) return
      const { font } = getComputedStyle(element)
      probe.font = font
      const characterWidth = probe.measureText('0').width
      const gutter = showsTimes ? 9.5 * characterWidth + 22 : 14
      const columns = Math.max(1, Math.floor((element.clientWidth - gutter - 16) / characterWidth))
      const now = { characterWidth, columns, height: element.clientHeight }
      setSize((before) =>
        Object.entries(before).every(([key, value]) => now[key as keyof typeof now] === value) ? before : now,
      )
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller, showsTimes])
  return size
}

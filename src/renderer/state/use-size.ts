import { useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

interface Size {
  readonly width: number
  readonly height: number
}

/** The size of an element in px, followed; null before it is there. */
export function useSize<T extends HTMLElement>(): [RefObject<T | null>, Size | null] {
  const element = useRef<T>(null)
  const [size, setSize] = useState<Size | null>(null)
  useLayoutEffect(() => {
    const box = element.current
    if (!box) return
    const measure = (): void => setSize({ width: box.clientWidth, height: box.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(box)
    return () => observer.disconnect()
  }, [])
  return [element, size]
}

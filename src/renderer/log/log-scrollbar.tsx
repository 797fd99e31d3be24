import { useRef } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { sizeInWords } from '../ui/words.ts'
import { firstAtOrAfter } from './ascending.ts'
import type { SearchState } from './log-search.ts'
import type { ByteRange } from './line-selection.ts'
import styles from './log-scrollbar.module.css'
import type { RunMark } from './run-marks.ts'

interface Props {
  readonly controls: string
  /** Bytes of the whole log. */
  readonly size: number
  /** What is on the screen. */
  readonly visible: ByteRange
  readonly height: number
  readonly found: SearchState
  readonly runs: readonly RunMark[]
  /** To the line that a byte is in; to the end: the size. */
  readonly onGo: (offset: number) => void
}

const leastThumb = 28

/** Where one is in the whole log, by its bytes; with marks where something was found and where runs began. */
export function LogScrollbar({ controls, size, visible, height, found, runs, onGo }: Props) {
  const grip = useRef(0)
  const shown = Math.max(1, visible.to - visible.from)
  const thumb = Math.min(height, Math.max(leastThumb, (shown / Math.max(1, size)) * height))
  const room = Math.max(1, height - thumb)
  const part = visible.to >= size ? 1 : visible.from / Math.max(1, size - shown)
  const top = part * room
  const goTo = (wanted: number): void => {
    const now = Math.min(1, Math.max(0, wanted))
    onGo(now === 1 ? size : Math.floor(now * (size - shown)))
  }

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return
    const at = event.clientY - event.currentTarget.getBoundingClientRect().top
    const onThumb = at >= top && at < top + thumb
    grip.current = onThumb ? at - top : thumb / 2
    event.currentTarget.setPointerCapture(event.pointerId)
    if (!onThumb) goTo((at - grip.current) / room)
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const at = event.clientY - event.currentTarget.getBoundingClientRect().top
    goTo((at - grip.current) / room)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    goTo(Math.abs(step) === 1 ? (step + 1) / 2 : part + step)
  }

  return (
    <div
      className={styles['track']}
      role="scrollbar"
      tabIndex={0}
      aria-label="Place in the whole log"
      aria-controls={controls}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(part * 100)}
      aria-valuetext={`${Math.round(part * 100)} % of ${sizeInWords(size)}`}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    >
      {runs.map(({ run, offset }) => (
        <div key={run.id} className={styles['run']} style={{ top: (offset / Math.max(1, size)) * height }} />
      ))}
      {foundRows(found, size, height).map((row) => (
        <div key={row} className={styles['found']} style={{ top: row }} />
      ))}
      <div className={styles['thumb']} style={{ height: thumb, transform: `translateY(${top}px)` }} />
    </div>
  )
}

/** Keys, and how far they go: 1 and -1 are the ends. */
const steps: Record<string, number> = {
  Home: -1,
  End: 1,
  PageUp: -0.1,
  PageDown: 0.1,
  ArrowUp: -0.01,
  ArrowDown: 0.01,
}

/** Rows of pixels, two high, of which something was found. */
function foundRows({ offsets, known }: SearchState, size: number, height: number): number[] {
  const rows: number[] = []
  for (let row = 0; row < height && known > 0; row += 2) {
    const from = firstAtOrAfter(offsets, (row / height) * size, known)
    if (from < known && offsets[from]! < ((row + 2) / height) * size) rows.push(row)
  }
  return rows
}

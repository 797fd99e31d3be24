import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import type { CSSProperties, RefObject } from 'react'
import { cx } from '../ui/classes.ts'
import styles from './log-list.module.css'
import { keptBytes } from './log-line.ts'
import { LogRow } from './log-row.tsx'
import { LogScrollbar } from './log-scrollbar.tsx'
import { firstAtOrAfter } from './ascending.ts'
import { patternOf } from './marked-spans.ts'
import { type ByteRange, isSelected, type LineSelection } from './line-selection.ts'
import { marksOfLines, type RunMark } from './run-marks.ts'
import { type OpenLog, useLogState, useSearchState } from './use-log.ts'
import { useListInput } from './use-list-input.ts'
import { useLongLines } from './use-long-lines.ts'
import { useTextSize } from './use-text-size.ts'

interface Props {
  readonly log: OpenLog
  readonly name: string
  readonly runs: readonly RunMark[]
  readonly wraps: boolean
  readonly showsTimes: boolean
  /** The line of the match that was gone to last. */
  readonly current: number | null
  readonly selection: LineSelection | null
  readonly onSelect: (selection: LineSelection | null) => void
  readonly onCopy: () => void
  /** Is told what is on the screen. */
  readonly visible: RefObject<ByteRange>
}

const lineHeight = 20
const markHeight = 28
/** Lines beyond the screen that are kept ready; closer to the end of what was read than this, more is read. */
const readAhead = 100
/** The list remembers the height of each line it showed: after so many it forgets them. */
const mostMeasured = 20_000

/** The lines, of which only those on the screen are in the page, and the scrollbar of the whole log. */
export function LogList(props: Props) {
  const { log, name, runs, wraps, showsTimes, current, selection, onSelect, onCopy, visible } = props
  const { model } = log
  const state = useLogState(log)
  const found = useSearchState(log)
  const { lines, following, atEnd, target, generation } = state
  const scroller = useRef<HTMLDivElement>(null)
  /** The person is on the way down: the end is where following begins again. */
  const goesDown = useRef(false)
  const { characterWidth, columns, height } = useTextSize(scroller, showsTimes)
  const long = useLongLines(log, generation)
  const marks = useMemo(() => marksOfLines(runs, lines), [runs, lines])
  const pattern = useMemo(() => found.query && patternOf(found.query), [found.query])
  const widest = useMemo(() => lines.reduce((most, { text }) => Math.max(most, text.length), 0), [lines])

  const heightOf = (index: number): number => {
    const line = lines[index]!
    const rows = wraps ? Math.max(1, Math.ceil(line.text.length / columns)) : 1
    return rows * lineHeight + (marks.get(line.offset)?.length ?? 0) * markHeight
  }
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => lines[index]!.offset,
    estimateSize: heightOf,
    // What is put in the page is measured once it is laid out, which is before it is painted: asking at once would lay out twice.
    measureElement: (element, entry, { indexFromElement, itemSizeCache }) => {
      const [box] = entry?.borderBoxSize ?? []
      if (box) return Math.round(box.blockSize)
      const index = indexFromElement(element)
      return itemSizeCache.get(lines[index]?.offset ?? -1) ?? heightOf(index)
    },
    overscan: following ? 2 : 10,
    // Lines that come or go above the screen move nothing on it.
    anchorTo: 'end',
    followOnAppend: following,
    // Only the end of the log is one to be held; that of what happens to be read is not.
    scrollEndThreshold: following ? 4 : -1,
  })
  const items = virtualizer.getVirtualItems()
  const first = lines[virtualizer.range?.startIndex ?? 0]
  const last = lines[virtualizer.range?.endIndex ?? 0]
  const shown = { from: first?.offset ?? 0, to: last?.end ?? 0 }

  // Other widths, other heights.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, wraps, columns])
  useLayoutEffect(() => {
    visible.current = shown
    if (following && virtualizer.itemSizeCache.size > mostMeasured) virtualizer.measure()
    if (following && !virtualizer.isAtEnd(1)) virtualizer.scrollToEnd()
  })
  useLayoutEffect(() => {
    if (!target) return
    goesDown.current = false
    const after = lines.findIndex(({ offset }) => offset > target.offset)
    virtualizer.scrollToIndex(after < 0 ? lines.length - 1 : Math.max(0, after - 1), { align: target.align })
    // Once for each target, not whenever lines come.
  }, [virtualizer, target])
  useEffect(() => {
    const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: 0 }
    if (lines.length === 0) return
    // While it is followed, what is above the screen is only in the way.
    if (following ? virtualizer.getTotalSize() < 2 * height : startIndex < readAhead) void model.growUp()
    if (following) return
    if (!atEnd && endIndex > lines.length - readAhead) void model.growDown()
    if (atEnd && goesDown.current && virtualizer.isAtEnd(2)) void model.follow()
  })
  const input = useListInput({ log, scroller, goesDown, virtualizer, first, last, selection, onSelect, onCopy })
  const layout = {
    '--gutter': showsTimes ? 'calc(9.5ch + 22px)' : '14px',
    '--white-space': wraps ? 'break-spaces' : 'pre',
  } as CSSProperties
  return (
    <div className={styles['frame']}>
      <div
        ref={scroller}
        id="log-lines"
        className={cx(styles['scroller'], wraps && styles['wraps'])}
        style={layout}
        role="log"
        aria-label={`Log of ${name}`}
        aria-live="off"
        tabIndex={0}
        {...input}
      >
        <div className={styles['all']} style={{ height: virtualizer.getTotalSize() }}>
          <div
            className={styles['shown']}
            style={{
              transform: `translateY(${items[0]?.start ?? 0}px)`,
              ...(!wraps && { minWidth: `max(100%, ${Math.ceil(widest * characterWidth)}px)` }),
            }}
          >
            {items.map(({ key, index }) => {
              const line = lines[index]!
              const isMatch = found.generation === generation && holds(found.offsets, found.known, line.offset)
              return (
                <div key={key} data-index={index} ref={virtualizer.measureElement}>
                  <LogRow
                    line={line}
                    more={long.more.get(line.offset)}
                    marks={marks.get(line.offset)}
                    pattern={isMatch || line.offset === current ? pattern : null}
                    isMatch={isMatch}
                    isCurrent={line.offset === current}
                    isSelected={isSelected(selection, line)}
                    showsTime={showsTimes}
                    canShow={line.length > keptBytes ? long.canShow(line) : null}
                    onMore={long.show}
                  />
                </div>
              )
            })}
          </div>
        </div>
      </div>
      <LogScrollbar
        controls="log-lines"
        size={state.size}
        visible={shown}
        height={height}
        found={found}
        runs={runs}
        onGo={(offset) => {
          if (offset >= state.size) void model.follow()
          else void model.goTo({ generation, offset }, 'start')
        }}
      />
    </div>
  )
}

function holds(offsets: readonly number[], known: number, offset: number): boolean {
  return offsets[firstAtOrAfter(offsets, offset, known)] === offset
}

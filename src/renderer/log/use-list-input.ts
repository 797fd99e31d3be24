import type { Virtualizer } from '@tanstack/react-virtual'
import { useEffect } from 'react'
import type { HTMLAttributes, KeyboardEvent, MouseEvent, RefObject, WheelEvent } from 'react'
import { extended, type LineSelection, select } from './line-selection.ts'
import type { LogLine } from './log-line.ts'
import { type OpenLog, useLogState } from './use-log.ts'

interface Options {
  readonly log: OpenLog
  readonly scroller: RefObject<HTMLDivElement | null>
  /** Set here: the person is on the way down, where following begins again. */
  readonly goesDown: RefObject<boolean>
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>
  /** On the screen. */
  readonly first: LogLine | undefined
  readonly last: LogLine | undefined
  readonly selection: LineSelection | null
  readonly onSelect: (selection: LineSelection | null) => void
  readonly onCopy: () => void
}

/** What wheel, keys and mouse do in the list of lines, beyond what every scrolling part of a page does. */
export function useListInput(options: Options): HTMLAttributes<HTMLDivElement> {
  const { log, scroller, goesDown, virtualizer, first, last, selection, onSelect, onCopy } = options
  const { model } = log
  const { lines, generation, size } = useLogState(log)

  // Text that somebody is about to mark must not run away.
  useEffect(() => {
    const onSelectionChange = (): void => {
      const text = getSelection()
      if (text && !text.isCollapsed && scroller.current?.contains(text.anchorNode)) model.unfollow()
    }
    document.addEventListener('selectionchange', onSelectionChange)
    return () => document.removeEventListener('selectionchange', onSelectionChange)
  }, [model, scroller])

  const up = (): void => {
    goesDown.current = false
    if (scroller.current!.scrollTop > 0) model.unfollow()
  }
  const onWheel = ({ deltaY }: WheelEvent): void => {
    if (deltaY < 0) up()
    else if (deltaY > 0) goesDown.current = true
  }
  const extend = (step: 1 | -1): void => {
    if (!first || !last) return
    model.unfollow()
    const next = extended(selection, lines, step, step > 0 ? first : last)
    onSelect(next)
    const index = lines.findIndex(({ offset }) => offset === next.head.offset)
    if (index >= 0) virtualizer.scrollToIndex(index, { align: 'auto' })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key, shiftKey } = event
    const withControl = event.ctrlKey || event.metaKey
    if (shiftKey && key === 'ArrowUp') extend(-1)
    else if (shiftKey && key === 'ArrowDown') extend(1)
    else if (key === 'Home') void model.goTo({ generation, offset: 0 }, 'start')
    else if (key === 'End') void model.follow()
    else if (withControl && key === 'a') {
      model.unfollow()
      onSelect({ anchor: { offset: 0, end: 0 }, head: { offset: lines.at(-1)?.offset ?? 0, end: size } })
    } else if (withControl && key === 'c' && selection && getSelection()?.isCollapsed !== false) onCopy()
    else if (key === 'Escape' && selection) onSelect(null)
    else {
      if (key === 'ArrowUp' || key === 'PageUp' || (key === ' ' && shiftKey)) up()
      else if (key === 'ArrowDown' || key === 'PageDown' || key === ' ') goesDown.current = true
      return
    }
    event.preventDefault()
  }
  /** Beside the lines a click selects one; with Shift, all lines up to it, wherever it is. */
  const onMouseDown = (event: MouseEvent): void => {
    if (event.button !== 0 || !(event.target instanceof Element)) return
    const index = event.target.closest('[data-index]')?.getAttribute('data-index')
    const line = lines[Number(index ?? NaN)]
    if (!line || event.target.closest('button')) return
    const inGutter = event.target.closest('[data-gutter]') !== null
    if (!inGutter && !(event.shiftKey && selection)) return onSelect(null)
    event.preventDefault()
    scroller.current?.focus()
    getSelection()?.removeAllRanges()
    model.unfollow()
    onSelect(select(selection, line, event.shiftKey))
  }
  const onTouchMove = (): void => {
    up()
    goesDown.current = true
  }
  return { onWheel, onTouchMove, onKeyDown, onMouseDown }
}

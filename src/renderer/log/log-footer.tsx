import { ArrowDown } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { sizeInWords } from '../ui/words.ts'
import type { LogState } from './log-state.ts'
import styles from './log-view.module.css'
import { type LineSelection, rangeOf } from './line-selection.ts'
import { countOf } from './words.ts'

interface Props {
  readonly state: LogState
  readonly selection: LineSelection | null
  /** What just happened. */
  readonly said: string
  readonly size: number
  readonly onFollow: () => void
}

/** How it is with the log, in a few words; above it, while one looks elsewhere, what is new at its end. */
export function LogFooter({ state, selection, said, size, onFollow }: Props) {
  const { fresh, following, away, phase } = state
  return (
    <div className={styles['footer']}>
      {!following && fresh && fresh.bytes > 0 && (
        <div className={styles['pill']}>
          <Button variant="primary" icon={<ArrowDown size={14} />} onPress={onFollow}>
            {fresh.lines === null ? `${sizeInWords(fresh.bytes)} more` : `${countOf(fresh.lines, 'new line')}`}
          </Button>
        </div>
      )}
      <span role="status">{away ? 'The helper is away: goes on by itself' : (selected(state, selection) ?? said)}</span>
      <span className={styles['size']}>{phase === 'open' && size > 0 && sizeInWords(size)}</span>
    </div>
  )
}

/** How much is selected: in lines, if all of them are at hand. */
function selected({ lines }: LogState, selection: LineSelection | null): string | undefined {
  if (!selection) return undefined
  const { from, to } = rangeOf(selection)
  const isHere = (lines[0]?.offset ?? 0) <= from && (lines.at(-1)?.end ?? 0) >= to
  if (!isHere) return `${sizeInWords(to - from)} selected`
  return `${countOf(lines.filter(({ offset }) => offset >= from && offset < to).length, 'line')} selected`
}

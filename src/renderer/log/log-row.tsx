import { Flag } from 'lucide-react'
import { memo } from 'react'
import type { CSSProperties, ReactNode } from 'react'
import type { Run } from '../../../helper/api/ship.ts'
import { cx } from '../ui/classes.ts'
import { localClock, localTime, sizeInWords } from '../ui/words.ts'
import type { LogLine } from './log-line.ts'
import { spansOf } from './line-spans.ts'
import styles from './log-row.module.css'
import { type MarkedSpan, marked } from './marked-spans.ts'
import type { RunMark } from './run-marks.ts'
import { lookOf } from './span-colours.ts'

interface Props {
  readonly line: LogLine
  /** What was read of a long line beyond its beginning. */
  readonly more: Pick<LogLine, 'text' | 'bytes'> | undefined
  readonly marks: readonly RunMark[] | undefined
  /** What matches in it; null: it is no match. */
  readonly pattern: RegExp | null
  readonly isMatch: boolean
  readonly isCurrent: boolean
  readonly isSelected: boolean
  readonly showsTime: boolean
  /** How many bytes of it can be shown, if there are more than are. */
  readonly canShow: number | null
  readonly onMore: (line: LogLine) => void
}

/** A line of the log, with what says where a run began above it. */
export const LogRow = memo(function LogRow(props: Props) {
  const { line, more, marks, pattern, isMatch, isCurrent, isSelected, showsTime, canShow, onMore } = props
  const states = [isMatch && styles['match'], isCurrent && styles['current'], isSelected && styles['selected']]
  return (
    <>
      {marks?.map(({ run, before }) => (
        <RunBegan key={run.id} run={run} before={before} />
      ))}
      <div className={cx(styles['row'], ...states)}>
        <Gutter line={line} showsTime={showsTime} />
        <div className={styles['text']} dir="ltr">
          {marked(spansOf(more ?? line), pattern).map(shown)}
          {canShow !== null && (
            <button type="button" className={styles['more']} onClick={() => onMore(line)}>
              {canShow > 0 ? `Show ${sizeInWords(canShow)} more` : 'Save the log to read all of it'}
              {`, of ${sizeInWords(line.length)}`}
            </button>
          )}
        </div>
      </div>
    </>
  )
})

function Gutter({ line: { time, exact }, showsTime }: { readonly line: LogLine; readonly showsTime: boolean }) {
  if (!showsTime || time === null) return <div className={styles['gutter']} data-gutter="" />
  const iso = new Date(time).toISOString()
  return (
    <div
      className={styles['gutter']}
      data-gutter=""
      title={exact ? localTime(iso) : `${localTime(iso)} or before: nobody noted the time`}
    >
      <span className={styles['about']}>{exact ? '' : '≤'}</span>
      {localClock(iso)}
    </div>
  )
}

function RunBegan({ run, before }: { readonly run: Run; readonly before: Run | undefined }) {
  return (
    <div className={styles['began']}>
      <span className={styles['beganWords']}>
        <Flag size={12} aria-hidden="true" />
        Started {localTime(run.startedAt)}
        {run.pid !== null && <span className={styles['muted']}>pid {run.pid}</span>}
        {before?.message && <span className={styles['muted']}>the run before {before.message}</span>}
      </span>
    </div>
  )
}

function shown({ text, isControl, isMatch, style }: MarkedSpan, index: number): ReactNode {
  if (!isControl && !isMatch && style === null) return text
  const decorations = style && [
    style.bold && styles['bold'],
    style.dim && styles['dim'],
    style.italic && styles['italic'],
    style.underline && styles['underline'],
    style.strike && styles['strike'],
  ]
  const light = style && lookOf(style, 'light')
  const dark = style && lookOf(style, 'dark')
  const colours: Record<string, string> = {}
  if (light?.fg && dark?.fg) Object.assign(colours, { '--light': light.fg, '--dark': dark.fg })
  if (light?.bg && dark?.bg) Object.assign(colours, { '--light-bg': light.bg, '--dark-bg': dark.bg })
  const className = cx(
    isControl && styles['control'],
    '--light' in colours && styles['coloured'],
    '--light-bg' in colours && styles['grounded'],
    ...(decorations ?? []),
  )
  const Tag = isMatch ? 'mark' : 'span'
  return (
    <Tag key={index} className={className || undefined} style={colours as CSSProperties}>
      {text}
    </Tag>
  )
}

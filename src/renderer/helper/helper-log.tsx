import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { KeelanError } from '../../../helper/api/errors.ts'
import { open } from '../api/client.ts'
import { asKeelanError } from '../state/actions.tsx'
import { useConnection } from '../state/fleet.ts'
import { cx } from '../ui/classes.ts'
import { localClock, localTime } from '../ui/words.ts'
import styles from './helper-log.module.css'
import { LogLines } from './log-lines.ts'
import type { LogLine } from './log-lines.ts'
import pageStyles from './helper-page.module.css'

/** Lines that are kept and shown; the file has all. */
const shownLines = 1_000
/** px from the end within which the log is taken to be read at its end. */
const nearEnd = 24

/** The end of the helper's own log, live: it stays at its end unless the person scrolled up. */
export function HelperLog() {
  const isConnected = useConnection() === 'connected'
  const { lines, error } = useHelperLog(isConnected)
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines])
  return (
    <section className={styles['log']} aria-labelledby="helper-log">
      <h2 id="helper-log" className={pageStyles['heading']}>
        What it says
      </h2>
      <div
        ref={box}
        className={styles['lines']}
        role="log"
        aria-labelledby="helper-log"
        aria-live="off"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd
        }}
      >
        {lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
        {lines.length === 0 && !isConnected && <p className={styles['none']}>Shown as soon as the helper is there.</p>}
        {lines.length === 0 && isConnected && error && (
          <p className={styles['error']}>{`${error.message}. ${error.wayOut}`}</p>
        )}
      </div>
    </section>
  )
}

function Line({ line: { time, level, text } }: { readonly line: LogLine }) {
  return (
    <div className={cx(styles['line'], level === 'error' && styles['bad'], level === 'warn' && styles['warn'])}>
      {time !== null && (
        <>
          <time className={styles['time']} dateTime={time} title={localTime(time)}>
            {localClock(time)}
          </time>
          <span className={styles['level']}>{level}</span>
        </>
      )}
      <span className={styles['text']}>{text}</span>
    </div>
  )
}

function useHelperLog(isConnected: boolean): {
  readonly lines: readonly LogLine[]
  readonly error: KeelanError | null
} {
  const [lines, setLines] = useState<readonly LogLine[]>([])
  const [error, setError] = useState<KeelanError | null>(null)
  useEffect(() => {
    if (!isConnected) return
    const ending = new AbortController()
    const log = new LogLines(shownLines)
    let frame = 0
    const draw = (): void => {
      frame = 0
      setLines(log.lines)
    }
    const follow = async (): Promise<void> => {
      const response = await open('readHelperLog', { query: { lines: shownLines, follow: 'true' } }, ending.signal)
      setError(null)
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done = true, value } = (await reader?.read()) ?? {}
        if (done || value === undefined) return
        log.take(value)
        frame ||= requestAnimationFrame(draw)
      }
    }
    follow().catch((fault: unknown) => {
      if (!ending.signal.aborted) setError(asKeelanError(fault))
    })
    return () => {
      ending.abort()
      cancelAnimationFrame(frame)
    }
  }, [isConnected])
  return { lines, error }
}

import { useCallback, useEffect, useRef, useState } from 'react'
import { toast } from '../ui/toast.tsx'
import { type LogLine, keptBytes, textOf, wholeCharacters } from './log-line.ts'
import type { OpenLog } from './use-log.ts'

/** More of a line than this is not for a page, in bytes. */
const mostShown = 1_048_576
/** Each step shows so many times more. */
const growth = 16
/** Of so many long lines more than the beginning is kept. */
const mostLines = 8

type More = Pick<LogLine, 'text' | 'bytes'> & { readonly shown: number }

/** Long lines of which the person wants to see more. */
export function useLongLines({ source }: OpenLog, generation: number) {
  const [more, setMore] = useState<ReadonlyMap<number, More>>(new Map())
  const latest = useRef(more)
  latest.current = more
  useEffect(() => setMore(new Map()), [generation])

  const shownOf = (offset: number): number => latest.current.get(offset)?.shown ?? keptBytes
  const next = ({ offset, length }: LogLine): number => Math.min(length, mostShown, shownOf(offset) * growth)
  const show = useCallback(
    (line: LogLine) => {
      const { offset, length } = line
      const shown = next(line)
      source.bytes({ generation, offset }, offset + shown, new AbortController().signal).then(
        (bytes) => {
          const text = textOf(shown < length ? wholeCharacters(bytes) : bytes)
          setMore((before) => new Map([...[...before].slice(1 - mostLines), [offset, { ...text, shown }]]))
        },
        (error: unknown) =>
          toast({ kind: 'failed', title: 'The rest of the line could not be read', details: [String(error)] }),
      )
    },
    [source, generation],
  )
  /** How many more bytes of a line can be shown; null: all are shown. */
  const canShow = (line: LogLine): number | null =>
    shownOf(line.offset) >= line.length ? null : next(line) - shownOf(line.offset)
  return { more, show, canShow }
}

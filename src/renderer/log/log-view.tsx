import { useQuery } from '@tanstack/react-query'
import { FileText } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { call } from '../api/client.ts'
import { useConnection } from '../state/fleet.ts'
import { useHashSearch } from '../state/location.ts'
import { shipKey } from '../state/query.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { toast } from '../ui/toast.tsx'
import { sizeInWords } from '../ui/words.ts'
import { copiedText, mostCopied } from './copy-lines.ts'
import { LogFooter } from './log-footer.tsx'
import { LogList } from './log-list.tsx'
import { LogNotices } from './log-notices.tsx'
import { LogSearchBar } from './log-search-bar.tsx'
import type { Stream } from './log-source.ts'
import { LogToolbar } from './log-toolbar.tsx'
import styles from './log-view.module.css'
import { type ByteRange, type LineSelection, rangeOf } from './line-selection.ts'
import { usePreference } from './preference.ts'
import { runMarks } from './run-marks.ts'
import { type OpenLog, useLog, useLogState, useSearchState } from './use-log.ts'
import { countOf } from './words.ts'

/** The log of a ship: followed live, searched, copied, saved, however large it is. */
export function LogView({ name }: { readonly name: string }) {
  const place = new URLSearchParams(useHashSearch())
  const [chosen, setChosen] = useState<Stream | null>(null)
  const stream: Stream = chosen ?? (place.get('stream') === 'stderr' ? 'stderr' : 'stdout')
  // A place in one stream is none in the other.
  const log = useLog(name, stream, chosen === null ? place.get('at') : null)
  return (
    <div className={styles['view']}>
      {log && <ShownLog key={`${name} ${stream}`} log={log} name={name} stream={stream} onStream={setChosen} />}
    </div>
  )
}

interface Props {
  readonly log: OpenLog
  readonly name: string
  readonly stream: Stream
  readonly onStream: (stream: Stream) => void
}

function ShownLog({ log, name, stream, onStream }: Props) {
  const { model, search, source } = log
  const state = useLogState(log)
  const found = useSearchState(log)
  const { runs, isSplit } = useShipFacts(name)
  const [wraps, setWraps] = usePreference('log.wraps', true)
  const [showsTimes, setShowsTimes] = usePreference('log.times', true)
  const [selection, setSelection] = useState<LineSelection | null>(null)
  const [current, setCurrent] = useState<number | null>(null)
  const [said, setSaid] = useState('')
  const searchField = useRef<HTMLInputElement>(null)
  const visible = useRef<ByteRange>({ from: 0, to: 0 })
  const { generation, phase, lines, size, following } = state
  const marks = useMemo(() => (stream === 'stdout' ? runMarks(runs ?? [], generation) : []), [runs, generation, stream])
  useEffect(() => {
    setSelection(null)
    setCurrent(null)
  }, [generation])
  useEffect(() => {
    setCurrent(null)
    setSaid('')
  }, [found.query])
  useSearchKeys(searchField)

  const step = async (direction: 'next' | 'previous'): Promise<void> => {
    const { from, to } = visible.current
    const here = current ?? to
    // The first step is to the newest match on the screen or above it, wherever one goes from there.
    const way = current === null ? 'previous' : direction
    const around = (): Promise<number | null> =>
      current === null ? search.nearest(here - 1, 'next') : search.nearest(way === 'next' ? -1 : size, way)
    const offset = (await search.nearest(here, way)) ?? (await around())
    if (offset === null) return
    setSaid(current !== null && offset > current !== (direction === 'next') ? 'The search went round' : '')
    setCurrent(offset)
    if (offset < from || offset >= to) await model.goTo({ generation: found.generation, offset }, 'center')
    else model.unfollow()
  }
  const copy = async (range: ByteRange): Promise<void> => {
    if (range.to - range.from > mostCopied) {
      const most = sizeInWords(mostCopied)
      const title = `${sizeInWords(range.to - range.from)} are too much to copy`
      return void toast({ kind: 'failed', title, details: [`At most ${most}: select less, or save the log.`] })
    }
    try {
      const text = await copiedText(source, generation, range, new AbortController().signal)
      await navigator.clipboard.writeText(text)
      setSaid(`Copied ${countOf(text.split('\n').length, 'line')}`)
    } catch (error) {
      toast({ kind: 'failed', title: 'The lines were not copied', details: [(error as Error).message] })
    }
  }
  const isEmpty = phase === 'open' && lines.length === 0
  return (
    <div className={styles['shown']}>
      <div className={styles['bar']}>
        <LogSearchBar
          log={log}
          inputRef={searchField}
          current={current}
          onStep={(direction) => void step(direction)}
          onLeave={() => document.getElementById('log-lines')?.focus()}
        />
        <LogToolbar
          name={name}
          stream={stream}
          onStream={isSplit ? onStream : null}
          runs={marks}
          onRun={({ offset }) => void model.goTo({ generation, offset }, 'start')}
          wraps={wraps}
          onWraps={setWraps}
          showsTimes={showsTimes}
          onShowsTimes={setShowsTimes}
          isFollowing={following}
          onFollow={(isOn) => (isOn ? void model.follow() : model.unfollow())}
          hasSelection={selection !== null}
          isEmpty={isEmpty}
          onCopy={(what) => void copy(what === 'selection' && selection ? rangeOf(selection) : visible.current)}
        />
      </div>
      <LogNotices model={model} state={state} name={name} />
      {phase === 'opening' && (
        <div className={styles['opening']}>
          <Spinner label="Opening the log" size={20} />
        </div>
      )}
      {isEmpty && (
        <EmptyState
          icon={<FileText size={28} />}
          title={runs?.length === 0 ? `${name} has not run yet` : 'Nothing written yet'}
        >
          What {name} writes to its {stream === 'stderr' ? 'error output' : 'output'} appears here as it comes.
        </EmptyState>
      )}
      {phase === 'open' && lines.length > 0 && (
        <LogList
          log={log}
          name={name}
          runs={marks}
          wraps={wraps}
          showsTimes={showsTimes}
          current={current}
          selection={selection}
          onSelect={setSelection}
          onCopy={() => selection && void copy(rangeOf(selection))}
          visible={visible}
        />
      )}
      <LogFooter state={state} selection={selection} said={said} size={size} onFollow={() => void model.follow()} />
    </div>
  )
}

/** Ctrl F and `/` lead to the search from anywhere on the page. */
function useSearchKeys(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const ending = new AbortController()
    const search = (): void => {
      field.current?.focus()
      field.current?.select()
    }
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 'f') return
      event.preventDefault()
      search()
    }
    addEventListener('keydown', onKeyDown, { signal: ending.signal })
    addEventListener('keelan:search', search, { signal: ending.signal })
    return () => ending.abort()
  }, [field])
}

/** What the log's page needs to know of the ship. */
function useShipFacts(name: string) {
  const enabled = useConnection() === 'connected'
  const runs = useQuery({
    queryKey: shipKey(name, 'runs', 'of log'),
    queryFn: ({ signal }) => call('listRuns', { params: { name }, query: { limit: 200 } }, signal),
    enabled,
  })
  const detail = useQuery({
    queryKey: shipKey(name, 'detail'),
    queryFn: ({ signal }) => call('getShip', { params: { name } }, signal),
    enabled,
  })
  return { runs: runs.data?.runs, isSplit: detail.data?.definition.log.split ?? false }
}

import { CaseSensitive, ChevronDown, ChevronUp, Regex } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { KeyboardEvent, RefObject } from 'react'
import { IconButton } from '../ui/button.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { sizeInWords } from '../ui/words.ts'
import { firstAtOrAfter } from './ascending.ts'
import type { SearchState } from './log-search.ts'
import styles from './log-view.module.css'
import { Toggle } from './toggle.tsx'
import { type OpenLog, useSearchState } from './use-log.ts'

interface Props {
  readonly log: OpenLog
  readonly inputRef: RefObject<HTMLInputElement | null>
  readonly current: number | null
  readonly onStep: (direction: 'next' | 'previous') => void
  readonly onLeave: () => void
}

/** ms after the last key until it is searched. */
const pauseMs = 250
/** ms between two looks at what was written since. */
const goOnMs = 1_000

/** Searches the whole log: text or a regular expression, with or without regard to case. */
export function LogSearchBar({ log, inputRef, current, onStep, onLeave }: Props) {
  const { search, model } = log
  const state = useSearchState(log)
  const [text, setText] = useState('')
  const [regex, setRegex] = useState(false)
  const [isCase, setCase] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => void search.start({ text, regex, case: isCase }), text === '' ? 0 : pauseMs)
    return () => clearTimeout(timer)
  }, [search, text, regex, isCase])
  useEffect(() => {
    if (state.query === null) return
    const timer = setInterval(() => {
      const { size, generation, away } = model.state()
      const { phase, generation: searched } = search.state()
      if (phase === 'waiting' ? !away : phase === 'done' && searched !== generation) void search.restart()
      else if (size > search.searchedTo) void search.goOn()
    }, goOnMs)
    return () => clearInterval(timer)
  }, [search, model, state.query])

  const isSearched = state.query?.text === text && state.query.regex === regex && state.query.case === isCase
  const step = (direction: 'next' | 'previous'): void => {
    if (isSearched) onStep(direction)
    else void search.start({ text, regex, case: isCase })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') step(event.shiftKey ? 'previous' : 'next')
    else if (event.key === 'Escape' && text === '') onLeave()
    else return
    event.preventDefault()
  }
  return (
    <div className={styles['search']} role="search">
      <div className={styles['searchField']} onKeyDownCapture={onKeyDown}>
        <SearchField
          label="Search the log"
          placeholder="Search the whole log"
          value={text}
          onChange={setText}
          inputRef={inputRef}
        />
      </div>
      <Toggle label="Match upper and lower case" icon={<CaseSensitive size={16} />} isOn={isCase} onChange={setCase} />
      <Toggle label="Regular expression" icon={<Regex size={15} />} isOn={regex} onChange={setRegex} />
      {text !== '' && (
        <>
          <IconButton
            label="Previous match (Shift Enter)"
            icon={<ChevronUp size={16} />}
            isDisabled={state.count === 0}
            onPress={() => step('previous')}
          />
          <IconButton
            label="Next match (Enter)"
            icon={<ChevronDown size={16} />}
            isDisabled={state.count === 0}
            onPress={() => step('next')}
          />
          <span className={styles['count']} role="status">
            {isSearched && <Outcome state={state} current={current} />}
          </span>
        </>
      )}
    </div>
  )
}

function Outcome({ state, current }: { readonly state: SearchState; readonly current: number | null }) {
  const { phase, count, offsets, known, searchedBytes, totalBytes, message } = state
  if (phase === 'failed') {
    const words = message?.replace(/^query\.text: /, '')
    return (
      <span className={styles['bad']} title={words}>
        {words}
      </span>
    )
  }
  if (phase === 'waiting') return 'Waiting for the helper'
  const number = count.toLocaleString('en')
  if (phase === 'searching' && count === 0)
    return `Searched ${sizeInWords(searchedBytes)} of ${sizeInWords(totalBytes)}`
  const at = current === null ? -1 : firstAtOrAfter(offsets, current, known)
  const place = at >= 0 && offsets[at] === current && at < known ? `${(at + 1).toLocaleString('en')} of ` : ''
  const lines = count === 1 ? 'line' : 'lines'
  if (phase === 'searching')
    return `${place}${number} ${lines} so far, ${Math.floor((searchedBytes / Math.max(1, totalBytes)) * 100)} %`
  return count === 0 ? 'Nothing found' : `${place}${number} ${lines}`
}

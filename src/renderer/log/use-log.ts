import { useEffect, useState, useSyncExternalStore } from 'react'
import { batches, open } from '../api/client.ts'
import type { SearchLine } from '../../../helper/api/ship.ts'
import { formatPosition, parsePosition } from './log-line.ts'
import { LogModel } from './log-model.ts'
import type { LogState } from './log-state.ts'
import { LogSearch, type SearchState } from './log-search.ts'
import { type LogSource, logSource, type Stream } from './log-source.ts'
import type { Timing } from './log-tail.ts'

/** A log on the page: what it shows, what is searched in it, and where both come from. */
export interface OpenLog {
  readonly source: LogSource
  readonly model: LogModel
  readonly search: LogSearch
}

/** Opens a ship's log, at the place `at` (`GENERATION:OFFSET`) or at its end, for as long as it is shown. Another `at` later goes there. */
export function useLog(name: string, stream: Stream, at: string | null): OpenLog | null {
  const [log, setLog] = useState<OpenLog | null>(null)
  useEffect(() => {
    const source = logSource(name, stream)
    const opened = { source, model: new LogModel(source, pageTiming()), search: new LogSearch(searchIn(name, stream)) }
    setLog(opened)
    return () => {
      opened.model.close()
      opened.search.stop()
    }
  }, [name, stream])
  useEffect(() => {
    if (!log) return
    const place = parsePosition(at)
    if (log.model.state().phase === 'opening') void log.model.open(place)
    else if (place) void log.model.goTo(place, 'start')
  }, [log, at])
  return log
}

export const useLogState = ({ model }: OpenLog): LogState => useSyncExternalStore(model.subscribe, model.state)
export const useSearchState = ({ search }: OpenLog): SearchState => useSyncExternalStore(search.subscribe, search.state)

function searchIn(name: string, stream: Stream): ConstructorParameters<typeof LogSearch>[0] {
  return async function* ({ text, regex, case: isCase, from, limit }, signal) {
    const query = {
      stream,
      text,
      limit,
      regex: regex ? 'true' : 'false',
      case: isCase ? 'true' : 'false',
      ...(from && { from: formatPosition(from) }),
    }
    yield* batches<SearchLine>(await open('searchLog', { params: { name }, query }, signal))
  }
}

/** ms between two drawings of what is written: more would only be a flicker. */
const roundMs = 50
/** Drawing takes at most one part in so many of the time, so that the page answers whatever the log does. */
const share = 4
/** A window that nobody sees draws nothing. */
const hiddenRoundMs = 250

function pageTiming(): Timing {
  let next = 0
  return {
    now: () => Date.now(),
    nextRound(round) {
      const take = (): void => {
        const start = performance.now()
        round()
        next = start + roundMs
        // After the drawing that follows from it.
        setTimeout(() => (next = Math.max(next, start + share * (performance.now() - start))))
      }
      const wait = next - performance.now()
      if (document.visibilityState !== 'visible') setTimeout(take, hiddenRoundMs)
      else if (wait <= 0) requestAnimationFrame(take)
      else setTimeout(() => requestAnimationFrame(take), wait)
    },
    pause: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        signal.addEventListener('abort', () => {
          clearTimeout(timer)
          resolve()
        })
      }),
  }
}

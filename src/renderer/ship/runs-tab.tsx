import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { Run } from '../../../helper/api/ship.ts'
import { call } from '../api/client.ts'
import { useConnection } from '../state/fleet.ts'
import { useKnownNow } from '../state/known-now.ts'
import { shipKey } from '../state/query.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/classes.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { durationInWords, localTime, shortLocalTime, sizeInWords } from '../ui/words.ts'
import { NotRead } from '../shell/not-read.tsx'
import { endInWords } from './ship-words.ts'
import styles from './tables.module.css'

const pageLength = 50

/** A ship's runs, newest first; each leads to where it began in the log. */
export function RunsTab({ name }: { readonly name: string }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: shipKey(name, 'runs'),
    queryFn: ({ pageParam, signal }) =>
      call('listRuns', { params: { name }, query: { limit: pageLength, ...pageParam } }, signal),
    initialPageParam: {} as { before?: number },
    getNextPageParam: ({ runs }) => (runs.length < pageLength ? undefined : { before: runs.at(-1)!.id }),
    enabled: useConnection() === 'connected',
  })
  if (!data) return <NotRead error={error} retry={refetch} />
  const runs = data.pages.flatMap((page) => page.runs)
  if (runs.length === 0)
    return <EmptyState title="It has not run yet">Each start is listed here, with how it ended and why.</EmptyState>
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label={`Runs of ${name}`}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Started</th>
            <th scope="col" className={styles['optional']}>
              Ended
            </th>
            <th scope="col">Ran for</th>
            <th scope="col" className={styles['optional']}>
              Exit
            </th>
            <th scope="col">Why</th>
            <th scope="col" className={styles['number']}>
              CPU time
            </th>
            <th scope="col" className={styles['number']}>
              Peak memory
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </tbody>
      </table>
      {hasNextPage && (
        <div className={styles['more']}>
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            Show older runs
          </Button>
        </div>
      )}
    </div>
  )
}

function RunRow({ run }: { readonly run: Run }) {
  const now = useKnownNow()
  const started = shortLocalTime(run.startedAt, now)
  const cpu = run.cpuUserMs === null && run.cpuSystemMs === null ? null : (run.cpuUserMs ?? 0) + (run.cpuSystemMs ?? 0)
  return (
    <tr className={run.logPosition === null ? undefined : styles['linked']}>
      <td className={styles['time']}>
        {run.logPosition === null ? (
          started
        ) : (
          <Link
            href={`/ships/${encodeURIComponent(run.ship)}/log?at=${run.logPosition}`}
            className={styles['rowLink']}
            title={`${localTime(run.startedAt)}: show where it began in the log`}
          >
            {started}
          </Link>
        )}
      </td>
      <td className={cx(styles['time'], styles['optional'])}>
        {run.endedAt === null ? '–' : shortLocalTime(run.endedAt, now)}
      </td>
      <td className={styles['nowrap']}>
        {run.endedAt === null
          ? durationInWords(Math.max(1_000, now - Date.parse(run.startedAt)))
          : run.durationMs !== null && durationInWords(run.durationMs)}
      </td>
      <td className={cx(styles['nowrap'], styles['optional'])}>{endInWords(run) ?? '–'}</td>
      <td>
        <div className={styles['words']}>
          {run.endedAt === null ? <Badge tone="ok">running now</Badge> : <Why run={run} />}
        </div>
      </td>
      <td className={styles['number']}>{cpu === null ? '–' : durationInWords(cpu)}</td>
      <td className={styles['number']}>{run.peakMemoryBytes === null ? '–' : sizeInWords(run.peakMemoryBytes)}</td>
    </tr>
  )
}

function Why({ run: { message, reason, coreDumped, helperAway } }: { readonly run: Run }) {
  const failed = reason !== 'asked' && reason !== 'completed'
  return (
    <>
      <span className={failed ? styles['bad'] : undefined}>{message ?? 'it is not known how it ended'}</span>
      {coreDumped && <Badge tone="warn">core dumped</Badge>}
      {helperAway && <Badge>while the helper was away</Badge>}
    </>
  )
}

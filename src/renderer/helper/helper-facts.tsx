import { FolderOpen } from 'lucide-react'
import type { ReactNode } from 'react'
import type { HelperInfo } from '../../../helper/api/helper.ts'
import { act } from '../state/actions.tsx'
import { useKnownNow } from '../state/known-now.ts'
import { IconButton } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { durationInWords, localTime, sizeInWords } from '../ui/words.ts'
import styles from './helper-facts.module.css'

/** What there is to know of the helper: its process, and where its files are. */
export function HelperFacts({ info }: { readonly info: HelperInfo }) {
  return (
    <div className={styles['facts']}>
      <dl className={styles['short']}>
        <Fact title="Version">{info.version}</Fact>
        <Fact title="Running for">
          <Uptime startedAt={info.startedAt} />
        </Fact>
        <Fact title="Process">{info.pid}</Fact>
        <Fact title="Looks after all ships every">{durationInWords(info.intervalSeconds * 1_000)}</Fact>
      </dl>
      <dl>
        <Place title="Base directory" path={info.baseDirectory} what="base directory" canShow />
        <Place title="API address" path={info.socket} what="API address" />
        <Place title="Log file" path={info.logFile} what="log file" canShow aside={sizeInWords(info.logFileBytes)} />
      </dl>
    </div>
  )
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className={styles['fact']}>
      <dt className={styles['title']}>{title}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Uptime({ startedAt }: { readonly startedAt: string }) {
  const ms = Math.max(0, useKnownNow() - Date.parse(startedAt))
  return <span title={`since ${localTime(startedAt)}`}>{durationInWords(ms)}</span>
}

interface PlaceProps {
  readonly title: string
  readonly path: string
  readonly what: string
  readonly canShow?: boolean
  readonly aside?: string
}

function Place({ title, path, what, canShow, aside }: PlaceProps) {
  const show = (): void =>
    void act({
      doing: 'Opening the file manager…',
      done: null,
      failed: `The ${what} could not be shown`,
      work: async () => await window.keelan?.show(path),
    })
  return (
    <div className={styles['place']}>
      <dt className={styles['title']}>{title}</dt>
      <dd className={styles['value']}>
        <code className={styles['path']}>{path}</code>
        {aside !== undefined && <span className={styles['aside']}>{aside}</span>}
        <span className={styles['buttons']}>
          {canShow && window.keelan && (
            <IconButton label={`Show the ${what}`} icon={<FolderOpen size={14} />} onPress={show} />
          )}
          <CopyButton label={`Copy the ${what}`} text={path} />
        </span>
      </dd>
    </div>
  )
}

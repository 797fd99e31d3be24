import { useQuery } from '@tanstack/react-query'
import { FileSearch } from 'lucide-react'
import { useState } from 'react'
import type { Found } from '../../../helper/api/keelanfile.ts'
import { call } from '../api/client.ts'
import { FaultList } from '../keelanfile/fault-list.tsx'
import { useConnection } from '../state/fleet.ts'
import { go } from '../state/location.ts'
import { NotRead } from '../shell/not-read.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Spinner } from '../ui/spinner.tsx'
import type { Deployed } from './apply.ts'
import { deployForm, deployText } from './deploy-draft.ts'
import styles from './deploy.module.css'
import { DeployResult } from './deploy-result.tsx'
import { commandInWords } from './plan-words.ts'
import { emptyForm, formFromSuggestion } from './ship-form.ts'
import { ShipPlan } from './ship-plan.tsx'

/** What a folder or a file holds that could be deployed. It is only shown; the person says what is done with it. */
export function FoundShips({ path }: { readonly path: string }) {
  const [done, setDone] = useState<Deployed | null>(null)
  const connection = useConnection()
  const found = useQuery({
    queryKey: ['found', path],
    queryFn: async ({ signal }) => {
      const inFolder = await call('findShips', { body: { path } }, signal)
      if (!inFolder.keelanfile) return { ...inFolder, reading: null }
      const body = { text: inFolder.keelanfile.text, folder: inFolder.folder }
      return { ...inFolder, reading: await call('readKeelanfile', { body }, signal) }
    },
    enabled: connection === 'connected',
    // The files may have changed when it is looked at again.
    staleTime: 0,
    gcTime: 0,
  })
  if (done) return <DeployResult deployed={done} onAgain={() => go('/deploy')} />
  if (!found.data) {
    if (found.error || connection === 'away') return <NotRead error={found.error} retry={found.refetch} />
    return (
      <div className={styles['waiting']}>
        <Spinner label="Looking into it" size={20} />
      </div>
    )
  }
  const { keelanfile, reading } = found.data
  if (!keelanfile || !reading) return <Suggestions found={found.data} />
  const edit = (): void => {
    deployText(keelanfile.text, found.data.folder)
    go('/deploy')
  }
  if (reading.faults.length > 0) {
    return (
      <>
        <Banner
          tone="bad"
          title={`${keelanfile.path} cannot be taken.`}
          actions={
            <>
              <Button onPress={() => void found.refetch()}>Read it again</Button>
              <Button onPress={edit}>Edit a copy here</Button>
            </>
          }
        >
          A Keelanfile is taken whole or not at all: nothing was deployed.
        </Banner>
        <div className={styles['scroller']}>
          <div className={styles['narrow']}>
            <FaultList faults={reading.faults} />
          </div>
        </div>
      </>
    )
  }
  return (
    <>
      <div className={styles['lead']}>
        <span>
          From <code>{keelanfile.path}</code>
        </span>
        <Button variant="quiet" onPress={edit}>
          Edit a copy first
        </Button>
      </div>
      <ShipPlan ships={reading.ships} onDone={setDone} />
    </>
  )
}

/** What a folder without a Keelanfile seems to hold. */
function Suggestions({ found: { folder, suggestions } }: { readonly found: Found }) {
  const use = (form: typeof emptyForm): void => {
    deployForm(form)
    go('/deploy')
  }
  const byHand = <Button onPress={() => use({ ...emptyForm, cwd: folder })}>Fill in the form yourself</Button>
  if (suggestions.length === 0) {
    return (
      <EmptyState icon={<FileSearch size={32} aria-hidden="true" />} title="Nothing to run was found" actions={byHand}>
        There is no Keelanfile in {folder}, and nothing else that says how to start it.
      </EmptyState>
    )
  }
  return (
    <div className={styles['scroller']}>
      <div className={styles['narrow']}>
        <p>
          There is no Keelanfile in <code>{folder}</code>. These look as if they could be run; you can change everything
          before it is deployed.
        </p>
        <ul className={styles['results']} aria-label="Suggestions">
          {suggestions.map((suggestion) => (
            <li key={`${suggestion.name} ${suggestion.source}`} className={styles['result']}>
              <span className={styles['name']}>{suggestion.name}</span>
              <span className={styles['muted']}>{suggestion.source}</span>
              <span className={styles['end']}>
                <Button aria-label={`Use ${suggestion.name}`} onPress={() => use(formFromSuggestion(suggestion))}>
                  Use
                </Button>
              </span>
              <code className={styles['command']}>{commandInWords(suggestion.command)}</code>
            </li>
          ))}
        </ul>
        <div className={styles['buttons']}>{byHand}</div>
      </div>
    </div>
  )
}

import { useRef, useState } from 'react'
import type { ShipDefinition } from '../../../helper/api/definition.ts'
import { call } from '../api/client.ts'
import type { EditorHandle } from '../keelanfile/keelanfile-editor.tsx'
import { countedFaults } from '../keelanfile/fault-words.ts'
import { LazyEditor } from '../keelanfile/lazy-editor.tsx'
import { useAction, useConfirm } from '../state/actions.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import type { Deployed } from './apply.ts'
import styles from './deploy.module.css'
import { ShipPlan } from './ship-plan.tsx'

interface Props {
  readonly text: string
  readonly folder: string
  /** The text that the form stands for: going back to it loses nothing while the text is this. */
  readonly unchanged?: string
  readonly onChange: (text: string) => void
  readonly onBack: () => void
  readonly onDone: (deployed: Deployed) => void
}

/** Ships typed as a Keelanfile, checked as it is typed, then looked at one by one before anything is done. */
export function DeployKeelanfile({ text, folder, unchanged, onChange, onBack, onDone }: Props) {
  const editor = useRef<EditorHandle>(null)
  const { isBusy, run } = useAction()
  const confirm = useConfirm()
  const [faultCount, setFaultCount] = useState(0)
  const [ships, setShips] = useState<readonly ShipDefinition[] | null>(null)

  if (ships) return <ShipPlan ships={ships} onBack={() => setShips(null)} onDone={onDone} />

  const next = async (): Promise<void> => {
    const outcome = await run({
      doing: 'Checking…',
      done: null,
      failed: 'It could not be checked',
      work: () => call('readKeelanfile', { body: { text, folder } }),
    })
    if (!outcome.ok) return
    const { faults, ships: read } = outcome.value
    setFaultCount(faults.length)
    if (faults.length > 0) editor.current?.showFaults(faults)
    else setShips(read)
  }
  const back = async (): Promise<void> => {
    const loses = unchanged !== undefined && text !== unchanged
    const question = {
      title: 'Go back to the form?',
      text: 'What was changed in the text is lost; the form is as it was before.',
      action: 'Go back',
      danger: true,
    }
    if (!loses || (await confirm(question))) onBack()
  }

  return (
    <>
      {faultCount > 0 && (
        <Banner tone="bad">
          {countedFaults(faultCount)}: a Keelanfile is taken whole or not at all. Correct the lines named below.
        </Banner>
      )}
      <p className={styles['lead']}>
        Paths are in full, or begin with ~/ (your home folder){folder === '/' ? '' : `, or start from ${folder}`}.
      </p>
      <div className={styles['editor']}>
        <LazyEditor
          ref={editor}
          label="Keelanfile"
          text={text}
          folder={folder}
          onChange={(written) => {
            setFaultCount(0)
            onChange(written)
          }}
        />
      </div>
      <footer className={styles['footer']}>
        <Button variant="quiet" onPress={() => void back()}>
          {unchanged === undefined ? 'Back' : 'Back to the form'}
        </Button>
        <Button variant="primary" className={styles['last']} isPending={isBusy} onPress={() => void next()}>
          Next: see what will be done
        </Button>
      </footer>
    </>
  )
}

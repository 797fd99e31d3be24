import { FileText, Plus } from 'lucide-react'
import { useAction } from '../state/actions.tsx'
import { go } from '../state/location.ts'
import { Logo } from '../shell/logo.tsx'
import { Button } from '../ui/button.tsx'
import styles from './first-ship.module.css'
import { openKeelanfile } from './open-keelanfile.ts'
import { deploySample, sampleCommand, sampleName } from './sample-ship.ts'

/** What is shown while there is no ship: the ways to a first one. */
export function FirstShip() {
  const { isBusy, run } = useAction()
  const tryIt = async (): Promise<void> => {
    const { ok } = await run({
      doing: 'Deploying the sample ship…',
      done: 'The sample ship runs',
      failed: 'The sample ship was not deployed',
      work: deploySample,
    })
    if (ok) go(`/ships/${sampleName}/log`)
  }
  return (
    <div className={styles['first']}>
      <div className={styles['inner']}>
        <Logo size={52} />
        <h2 className={styles['title']}>No ships yet</h2>
        <p className={styles['text']}>
          A ship is a program that Keelan keeps running: it is started again when it fails, its output is kept, and you
          are told when something is wrong.
        </p>
        <div className={styles['actions']}>
          <Button variant="primary" icon={<Plus size={15} />} onPress={() => go('/deploy')}>
            Deploy a ship
          </Button>
          {window.keelan && (
            <Button icon={<FileText size={15} />} onPress={() => void openKeelanfile()}>
              Open a Keelanfile
            </Button>
          )}
        </div>
        {window.keelan && <p className={styles['hint']}>Or drop a folder or a Keelanfile on this window.</p>}
        <section className={styles['sample']} aria-labelledby="sample">
          <div className={styles['sampleText']}>
            <h3 id="sample" className={styles['sampleTitle']}>
              Only looking around?
            </h3>
            <p>The sample ship prints a line each second and does nothing else. Remove it whenever you like.</p>
            <code className={styles['command']}>{sampleCommand}</code>
          </div>
          <Button isPending={isBusy} onPress={() => void tryIt()}>
            Try the sample ship
          </Button>
        </section>
      </div>
    </div>
  )
}

import { Play, Power, RotateCw } from 'lucide-react'
import { useAction, useConfirm } from '../state/actions.tsx'
import { call } from '../api/client.ts'
import { useConnection, useShips } from '../state/fleet.ts'
import { useHelperState } from '../state/helper-state.ts'
import { useHelperInfo } from '../state/query.ts'
import { helperWords } from '../shell/helper-words.ts'
import { startHelper } from '../shell/start-helper.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { HelperFacts } from './helper-facts.tsx'
import { HelperLog } from './helper-log.tsx'
import styles from './helper-page.module.css'
import { ShipsByState } from './ships-by-state.tsx'

/** The helper: how it is, where its files are, what it says. */
export function HelperPage() {
  const { data: info } = useHelperInfo()
  const ships = useShips()
  const words = helperWords(useConnection(), useHelperState())
  return (
    <Page title="Helper" aside={<Badge tone={words.tone}>{words.badge}</Badge>} actions={<HelperActions />}>
      <div className={styles['body']}>
        <p className={styles['lead']}>
          The helper watches over your ships in the background, whether this window is open or not. Ships go on running
          without it.
        </p>
        {info && <HelperFacts info={info} />}
        {ships.size > 0 && <ShipsByState ships={ships} />}
        <HelperLog />
      </div>
    </Page>
  )
}

function HelperActions() {
  const isConnected = useConnection() === 'connected'
  const words = helperWords(useConnection(), useHelperState())
  const confirm = useConfirm()
  const { isBusy, run } = useAction()
  const desktop = window.keelan
  const restart = (): void =>
    void run({
      doing: 'Restarting the helper…',
      done: 'The helper was restarted',
      failed: 'The helper was not restarted',
      work: async () => await desktop?.restartHelper(),
    })
  const stop = async (): Promise<void> => {
    const yes = await confirm({
      title: 'Stop the helper?',
      text: 'Ships go on running, and those that crash are started again. But you are not told, and nothing can be started or stopped from here until you start the helper again.',
      action: 'Stop the helper',
    })
    if (!yes) return
    await run({
      doing: 'Stopping the helper…',
      done: 'The helper was stopped; ships go on running',
      failed: 'The helper was not stopped',
      work: async () => {
        if (desktop) await desktop.stopHelper()
        else await call('stopHelper', { body: {} })
      },
    })
  }
  return (
    <>
      {words.canStart && (
        <Button variant="primary" icon={<Play size={14} />} isPending={isBusy} onPress={() => void run(startHelper)}>
          Start
        </Button>
      )}
      {isConnected && desktop && (
        <Button icon={<RotateCw size={14} />} isPending={isBusy} onPress={restart}>
          Restart
        </Button>
      )}
      {isConnected && (
        <Button icon={<Power size={14} />} isDisabled={isBusy} onPress={() => void stop()}>
          Stop
        </Button>
      )}
    </>
  )
}

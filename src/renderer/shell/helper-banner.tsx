import { useEffect, useState } from 'react'
import { useAction } from '../state/actions.tsx'
import { useConnection } from '../state/fleet.ts'
import { useHelperState } from '../state/helper-state.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { helperWords } from './helper-words.ts'
import { startHelper } from './start-helper.ts'

/** ms that looking for the helper may take before anything is said. */
const patienceMs = 1_000

/** Over all pages while the helper is away: what is known of it, and the way to start it. */
export function HelperBanner() {
  const connection = useConnection()
  const words = helperWords(connection, useHelperState())
  const { isBusy, run } = useAction()
  const isLate = useLate(connection === 'connecting')
  if (connection === 'connected' || (connection === 'connecting' && !isLate)) return null
  return (
    <Banner
      tone={words.tone === 'busy' ? 'busy' : words.tone === 'idle' ? 'warn' : 'bad'}
      title={`${words.title}.`}
      actions={
        words.canStart && (
          <Button isPending={isBusy} onPress={() => void run(startHelper)}>
            Start the helper
          </Button>
        )
      }
    >
      {words.text}
    </Banner>
  )
}

function useLate(isWaiting: boolean): boolean {
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    if (!isWaiting) return
    const timer = setTimeout(() => setIsLate(true), patienceMs)
    return () => clearTimeout(timer)
  }, [isWaiting])
  return isWaiting && isLate
}

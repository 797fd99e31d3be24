import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ShipDefinition } from '../../../helper/api/definition.ts'
import type { ApplyAction } from '../../../helper/api/routes.ts'
import { useAction, useConfirm } from '../state/actions.tsx'
import { useShips } from '../state/fleet.ts'
import { NotRead } from '../shell/not-read.tsx'
import { Badge } from '../ui/badge.tsx'
import type { Tone } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { applyShips } from './apply.ts'
import type { Deployed } from './apply.ts'
import styles from './deploy.module.css'
import { commandInWords, planInWords } from './plan-words.ts'

interface Props {
  readonly ships: readonly ShipDefinition[]
  readonly onBack?: () => void
  readonly onDone: (deployed: Deployed) => void
}

const tones: Readonly<Record<ApplyAction, Tone>> = {
  create: 'ok',
  update: 'busy',
  restart: 'warn',
  start: 'busy',
  none: 'idle',
}

const badges: Readonly<Record<ApplyAction, string>> = {
  create: 'new',
  update: 'changed',
  restart: 'restart',
  start: 'start',
  none: 'no change',
}

/** Ships to be deployed: what would be done to each, and which of them it is to be done to. */
export function ShipPlan({ ships, onBack, onDone }: Props) {
  const known = useShips()
  const confirm = useConfirm()
  const { isBusy, run } = useAction()
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const plan = useQuery({
    // What would be done changes with what each ship is doing.
    queryKey: ['plan', ships, ships.map(({ name }) => known.get(name)?.status)],
    queryFn: () => applyShips(ships, { replace: true, start: true, dryRun: true }),
    staleTime: 0,
    gcTime: 0,
    placeholderData: (before) => before,
  })
  if (!plan.data) return <NotRead error={plan.error} retry={plan.refetch} />

  const actions = new Map(plan.data.ships.map(({ name, action }) => [name, action]))
  const chosen = ships.filter(({ name }) => !left.has(name))
  const counted = chosen.length === 1 ? chosen[0]!.name : `${chosen.length} ships`
  const deploy = async (start: boolean): Promise<void> => {
    const restarted = start ? chosen.filter(({ name }) => actions.get(name) === 'restart') : []
    const question = {
      title: `Restart ${restarted.length} ships?`,
      text: `Their definitions changed, so that each is stopped and started again: ${restarted.map(({ name }) => name).join(', ')}.`,
      action: `Deploy and restart ${restarted.length} ships`,
    }
    if (restarted.length > 1 && !(await confirm(question))) return
    const outcome = await run({
      doing: `Deploying ${counted}…`,
      done: null,
      failed: `${counted} could not be deployed`,
      work: () => applyShips(chosen, { replace: true, start }),
    })
    if (outcome.ok) onDone(outcome.value)
  }
  const setChosen = (name: string, isChosen: boolean): void => {
    const next = new Set(left)
    if (isChosen) next.delete(name)
    else next.add(name)
    setLeft(next)
  }

  return (
    <>
      <div className={styles['scroller']}>
        <ul className={styles['plan']} aria-label="Ships to deploy">
          {ships.map(({ name, command }) => {
            const action = actions.get(name) ?? 'none'
            return (
              <li key={name}>
                <Checkbox isSelected={!left.has(name)} onChange={(isChosen) => setChosen(name, isChosen)}>
                  <span className={styles['name']}>{name}</span>
                </Checkbox>
                <Badge tone={tones[action]}>{badges[action]}</Badge>
                <span className={styles['muted']}>{planInWords[action]}</span>
                <code className={styles['command']}>{commandInWords(command)}</code>
              </li>
            )
          })}
        </ul>
      </div>
      <footer className={styles['footer']}>
        {onBack && (
          <Button variant="quiet" onPress={onBack}>
            Back
          </Button>
        )}
        <Button
          className={styles['last']}
          isDisabled={chosen.length === 0 || isBusy}
          onPress={() => void deploy(false)}
        >
          Deploy without starting
        </Button>
        <Button variant="primary" isDisabled={chosen.length === 0} isPending={isBusy} onPress={() => void deploy(true)}>
          Deploy {counted}
        </Button>
      </footer>
    </>
  )
}

import { Link } from 'wouter'
import { useShip } from '../state/fleet.ts'
import { go } from '../state/location.ts'
import { Button } from '../ui/button.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import type { Deployed } from './apply.ts'
import styles from './deploy.module.css'
import { doneInWords } from './plan-words.ts'

interface Props {
  readonly deployed: Deployed
  readonly onAgain: () => void
}

/** How deploying ended, ship by ship, and how each is now. */
export function DeployResult({ deployed: { ships, start }, onAgain }: Props) {
  const failed = ships.filter(({ ship, action }) => ship?.status === 'failed' && action !== 'none')
  const [first] = ships
  const all = ships.length === 1 ? first!.name : `${ships.length} ships`
  const title = (): string => {
    if (failed.length > 0)
      return ships.length === 1
        ? `${all} was deployed, but could not be started`
        : `${failed.length} of ${all} could not be started`
    return ships.every(({ action }) => action === 'none') ? 'Nothing had to be changed' : `${all} deployed`
  }
  return (
    <div className={styles['scroller']}>
      <div className={styles['narrow']} role="status">
        <h2 className={styles['heading']}>{title()}</h2>
        <ul className={styles['results']}>
          {ships.map((item) => (
            <Result key={item.name} {...item} start={start} />
          ))}
        </ul>
        <div className={styles['buttons']}>
          <Button onPress={onAgain}>Deploy another</Button>
          {first && ships.length === 1 ? (
            <Button variant="primary" autoFocus onPress={() => go(`/ships/${encodeURIComponent(first.name)}/log`)}>
              Show its log
            </Button>
          ) : (
            <Button variant="primary" autoFocus onPress={() => go('/ships')}>
              Show all ships
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}

function Result({ name, action, ship, start }: Deployed['ships'][number] & { readonly start: boolean }) {
  const now = useShip(name) ?? ship
  return (
    <li className={styles['result']}>
      <Link href={`/ships/${encodeURIComponent(name)}`} className={styles['name']}>
        {name}
      </Link>
      <span className={styles['muted']}>{now ? doneInWords(action, start) : 'removed meanwhile'}</span>
      <span className={styles['end']}>{now && <StatusBadge ship={now} />}</span>
      {now?.status === 'failed' && <p className={styles['reason']}>{now.reason}</p>}
      {now?.status === 'backoff' && <p className={styles['reason']}>{now.reason}; it starts again by itself</p>}
    </li>
  )
}

import type { Ship } from '../../../helper/api/ship.ts'
import { useConnection } from '../state/fleet.ts'
import { useKnownNow } from '../state/known-now.ts'
import { useOpenIncidents } from '../state/query.ts'
import { useShipActions, useUnderWay } from '../state/ship-actions.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { durationInWords, localTime } from '../ui/words.ts'
import { incidentInWords } from './incident-words.ts'

/** What needs the person's eye: a failure that lasts, a start that waits, a definition that is not applied yet. */
export function ShipBanners({ ship }: { readonly ship: Ship }) {
  const incident = useOpenIncidents().get(ship.name)
  const act = useShipActions()
  const underWay = useUnderWay(ship.name)
  const isAway = useConnection() !== 'connected'
  return (
    <>
      {incident && (
        <Banner
          tone={ship.status === 'failed' ? 'bad' : 'warn'}
          title={`Failing since ${localTime(incident.openedAt)}:`}
        >
          {incidentInWords(incident)}. {ship.status === 'backoff' && <NextStart at={ship.nextStartAt} />}
        </Banner>
      )}
      {!incident && (ship.status === 'failed' || ship.status === 'backoff') && (
        <Banner
          tone={ship.status === 'failed' ? 'bad' : 'warn'}
          title={ship.status === 'failed' ? 'Failed:' : 'Waiting to restart:'}
        >
          {ship.reason}. {ship.status === 'backoff' && <NextStart at={ship.nextStartAt} />}
        </Banner>
      )}
      {ship.definitionChanged && (
        <Banner
          tone="busy"
          actions={
            <Button
              isDisabled={isAway}
              isPending={underWay === 'restart'}
              onPress={() => void act('restart', [ship.name])}
            >
              Restart now
            </Button>
          }
        >
          The definition was changed. Restart it to apply the change; until then it runs on as it was.
        </Banner>
      )}
    </>
  )
}

function NextStart({ at }: { readonly at: string }) {
  const seconds = Math.ceil((Date.parse(at) - useKnownNow()) / 1_000)
  // Seconds that count down would be read out one by one.
  return <span aria-live="off">It starts again {seconds > 0 ? `in ${durationInWords(seconds * 1_000)}` : 'now'}.</span>
}

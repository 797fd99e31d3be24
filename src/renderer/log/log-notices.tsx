import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { sizeInWords } from '../ui/words.ts'
import type { LogModel } from './log-model.ts'
import type { LogState } from './log-state.ts'
import { countOf } from './words.ts'

interface Props {
  readonly state: LogState
  readonly model: LogModel
  readonly name: string
}

/** What happened to the log that one has to know to understand what is shown. */
export function LogNotices({ state, model, name }: Props) {
  const { skipped, begunAfresh, error, generation } = state
  return (
    <>
      {error && (
        <Banner
          tone="bad"
          title={`${error.message[0]?.toUpperCase()}${error.message.slice(1)}.`}
          actions={state.phase === 'open' && <Button onPress={() => model.dismiss('error')}>Close</Button>}
        >
          {error.wayOut}
        </Banner>
      )}
      {begunAfresh === 'shown' && (
        <Banner
          title="The log was begun afresh."
          actions={<Button onPress={() => void model.follow()}>Show the new one</Button>}
        >
          It was truncated or replaced; these lines are from before, and are not in the file any more.
        </Banner>
      )}
      {begunAfresh === 'told' && (
        <Banner
          title="The log was begun afresh."
          actions={<Button onPress={() => model.dismiss('begunAfresh')}>Close</Button>}
        >
          It was truncated or replaced; what was there before is gone.
        </Banner>
      )}
      {skipped && (
        <Banner
          tone="busy"
          title={`${skipped.lines === null ? sizeInWords(skipped.bytes) : countOf(skipped.lines, 'line')} skipped.`}
          actions={
            <>
              <Button onPress={() => void model.goTo({ generation, offset: skipped.from }, 'start')}>Go there</Button>
              <Button onPress={() => model.dismiss('skipped')}>Close</Button>
            </>
          }
        >
          {name} writes faster than anybody reads; the newest lines are shown.
        </Banner>
      )}
    </>
  )
}

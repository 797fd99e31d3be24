import { KeelanError } from '../../../helper/api/errors.ts'
import type { Question } from './actions.tsx'

export type ShipVerb = 'start' | 'stop' | 'restart' | 'remove'

export interface Failure {
  readonly name: string
  readonly error: KeelanError
}

const verbs: Readonly<Record<ShipVerb, { title: string; doing: string; done: string }>> = {
  start: { title: 'Start', doing: 'Starting', done: 'started' },
  stop: { title: 'Stop', doing: 'Stopping', done: 'stopped' },
  restart: { title: 'Restart', doing: 'Restarting', done: 'restarted' },
  remove: { title: 'Remove', doing: 'Removing', done: 'removed' },
}

/** What a person reads before, while and after something is done to these ships. `question`: null when it is done without asking. */
export function wordsFor(
  verb: ShipVerb,
  names: readonly string[],
): { readonly doing: string; readonly done: string; readonly failed: string; readonly question: Question | null } {
  const { title, doing, done } = verbs[verb]
  const which = names.length === 1 ? names[0]! : `${names.length} ships`
  const asks = verb === 'remove' || (verb !== 'start' && names.length > 1)
  return {
    doing: `${doing} ${which}…`,
    done: `${which} ${done}`,
    failed: names.length === 1 ? `${which} was not ${done}` : `Not all of ${which} were ${done}`,
    question: asks
      ? {
          title: `${title} ${which}?`,
          text: whatHappens(verb, names),
          action: `${title} ${which}`,
          danger: verb !== 'restart',
        }
      : null,
  }
}

/** One error for all that failed; null: none did. */
export function failureOf(failures: readonly Failure[], asked: number): KeelanError | null {
  const [first] = failures
  if (!first) return null
  if (asked === 1) return first.error
  const shown = failures.slice(0, 5).map(({ name, error }) => `${name}: ${error.message}`)
  const more = failures.length - shown.length
  if (more > 0) shown.push(`and ${more} more`)
  return new KeelanError(first.error.code, shown.join('\n'))
}

/** Does `work` for each item, at most `width` at a time. Throws what the first `work` that failed threw. */
export async function allAtOnce<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]()
  const lane = async (): Promise<void> => {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
}

function whatHappens(verb: ShipVerb, names: readonly string[]): string {
  const which = listed(names)
  const isOne = names.length === 1
  switch (verb) {
    case 'remove':
      return isOne
        ? 'It is stopped if it runs, and its definition is forgotten. Its log files stay.'
        : `${which} are stopped if they run, and their definitions are forgotten. Their log files stay.`
    case 'stop':
      return `${which} stay stopped until you start them again.`
    case 'restart':
      return `${which} are stopped and started again.`
    case 'start':
      return ''
  }
}

/** `a, b and c`, or `a, b and 12 more`. */
function listed(names: readonly string[]): string {
  const shown = names.length > 8 ? [...names.slice(0, 7), `${names.length - 7} more`] : names
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

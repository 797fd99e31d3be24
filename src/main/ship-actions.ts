import { KeelanError } from '../../helper/api/errors.ts'
import type { Ship } from '../../helper/api/ship.ts'
import type { KeelanClient } from '../../helper/client.ts'

/** What could not be done to a ship, and why, in the helper's words. */
export interface Failure {
  readonly ship: string
  readonly verb: 'started' | 'stopped' | 'restarted'
  readonly why: string
}

/** What the tray does to ships. Each gives what failed; never throws. */
export interface ShipActions {
  start(...names: readonly string[]): Promise<readonly Failure[]>
  stop(...names: readonly string[]): Promise<readonly Failure[]>
  restart(...names: readonly string[]): Promise<readonly Failure[]>
}

const routeOf = { start: 'startShip', stop: 'stopShip', restart: 'restartShip' } as const
const doneOf = { start: 'started', stop: 'stopped', restart: 'restarted' } as const

/** Does to many ships at once what was asked for. */
export function shipActions(client: KeelanClient): ShipActions {
  const doing =
    (verb: keyof typeof routeOf): ShipActions[typeof verb] =>
    async (...names) => {
      const outcomes = await Promise.all(
        names.map((name) =>
          client.call(routeOf[verb], { params: { name } }).then(
            () => null,
            (error: unknown) => ({ ship: name, verb: doneOf[verb], why: wordsOf(error) }),
          ),
        ),
      )
      return outcomes.filter((outcome) => outcome !== null)
    }
  return { start: doing('start'), stop: doing('stop'), restart: doing('restart') }
}

/** The API's own words, and the way out. */
export function wordsOf(error: unknown): string {
  if (error instanceof KeelanError) return `${error.message.replace(/[^.?!]$/, '$&.')}\n\n${error.wayOut}`
  return error instanceof Error ? error.message : String(error)
}

/** Failures of one action, as a person is told of them; null: there are none. */
export function toTell(failures: readonly Failure[]): { message: string; detail: string } | null {
  const [first, ...more] = failures
  if (!first) return null
  if (more.length === 0) return { message: `${first.ship} could not be ${first.verb}`, detail: first.why }
  const shown = failures.slice(0, mostShown).map(({ ship, why }) => `${ship}: ${why.split('\n')[0]}`)
  const rest = failures.length > mostShown ? [`and ${failures.length - mostShown} more`] : []
  return { message: `${failures.length} ships could not be ${first.verb}`, detail: [...shown, ...rest].join('\n') }
}

const mostShown = 8

/** Those that "Start all" starts: all that do not run and are not about to. */
export const toStart = (ships: readonly Ship[]): string[] =>
  ships
    .filter(({ status }) => status === 'stopped' || status === 'failed' || status === 'backoff')
    .map(({ name }) => name)

/** Those that "Stop all" stops: all that run or would run again. */
export const toStop = (ships: readonly Ship[]): string[] =>
  ships.filter(({ status }) => status !== 'stopped' && status !== 'failed').map(({ name }) => name)

/** `web, api and 3 more` */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, mostShown)
  const rest = names.length - shown.length
  const last = rest > 0 ? `${rest} more` : shown.pop()
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last}`
}

/** `1 ship`, `3 ships` */
export const count = (names: readonly string[]): string => `${names.length} ${names.length === 1 ? 'ship' : 'ships'}`

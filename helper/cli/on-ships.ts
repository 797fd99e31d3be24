import { KeelanError } from '../api/errors.ts'
import type { KeelanClient } from '../client.ts'
import { didYouMean } from '../keelanfile/nearest.ts'
import type { Context } from './context.ts'
import { Exit, exitCodes, failureLine, wrongUsage } from './failure.ts'
import { plain, tell, tellJson } from './terminal.ts'

/** What was done to one ship: a line for people, and the reply for programs. */
export interface Outcome {
  readonly line: string
  readonly reply: object
  /** What was asked for did not come about, though the helper did its part. */
  readonly failed?: boolean
}

/** Refuses a command that names no ship, and one that names some and all. */
export function checkSelection(names: readonly string[], all: boolean | undefined): void {
  if (names.length === 0 && !all) throw wrongUsage('say which ships: their names, or --all')
  if (names.length > 0 && all) throw wrongUsage('give names or --all, not both')
}

/** The ships meant, each once. Throws SHIP_NOT_FOUND that names every one that there is not. */
export async function selectShips(client: KeelanClient, names: readonly string[]): Promise<string[]> {
  const { ships } = await client.call('listShips')
  const known = ships.map(({ name }) => name)
  if (names.length === 0) return known
  const unknown = names.filter((name) => !known.includes(name))
  const [first = ''] = unknown
  if (unknown.length === 1)
    throw new KeelanError('SHIP_NOT_FOUND', `there is no ship ${first}${didYouMean(first, known)}`)
  if (unknown.length > 1) throw new KeelanError('SHIP_NOT_FOUND', `there are no ships ${unknown.join(', ')}`)
  return [...new Set(names)]
}

/** Does something to ships at once. Each has its own line as soon as it is done, and a failure of one hides no other. */
export async function onEach(
  context: Context,
  names: readonly string[],
  { json = false }: { json?: boolean },
  act: (name: string) => Promise<Outcome>,
): Promise<void> {
  const one = async (name: string): Promise<{ ok: boolean; reply: unknown }> => {
    try {
      const { line, reply, failed = false } = await act(name)
      if (failed) tell(context.stderr, `keelan: ${plain(line)}`)
      else if (!json) tell(context.stdout, plain(line))
      return { ok: !failed, reply: { name, ok: !failed, ...reply } }
    } catch (error) {
      if (!(error instanceof KeelanError)) throw error
      const { code, message, details } = error
      const named = message.includes(name) ? error : new KeelanError(code, `${name}: ${message}`, details)
      tell(context.stderr, failureLine(named))
      return { ok: false, reply: { name, ok: false, error: { code, message, details } } }
    }
  }
  const outcomes = await Promise.all(names.map(one))
  if (json)
    tellJson(
      context.stdout,
      outcomes.map(({ reply }) => reply),
    )
  if (outcomes.some(({ ok }) => !ok)) throw new Exit(exitCodes.failed)
}

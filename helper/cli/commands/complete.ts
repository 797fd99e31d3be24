import type { Command } from 'commander'
import { completionsFor } from '../completions.ts'
import type { Context } from '../context.ts'
import { tell } from '../terminal.ts'

/** A person waits at the prompt: a helper that is slower than this, in ms, is not worth it. */
const patienceMs = 1_000

export function configure(command: Command, context: Context): void {
  command.argument('[word...]').action(async (words: string[]) => {
    const found = await completionsFor(command.parent!, words, () => shipNames(context))
    for (const each of found) {
      const line = typeof each === 'string' ? each : `${each.value}\t${each.description}`
      tell(context.stdout, line)
    }
  })
}

async function shipNames(context: Context): Promise<string[]> {
  const { connect } = await import('../context.ts')
  try {
    const { ships } = await connect(context).call('listShips', {}, AbortSignal.timeout(patienceMs))
    return ships.map(({ name }) => name)
  } catch {
    return []
  }
}

import type { Command } from 'commander'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { checkSelection, onEach, selectShips } from '../on-ships.ts'
import { allOption, graceOf, jsonOption, timeoutOption } from '../options.ts'
import { stateInWords } from '../words.ts'

interface Options {
  all?: boolean
  json?: boolean
  timeout?: number
}

export function configure(command: Command, context: Context): void {
  command
    .argument('[ship...]', 'names of ships')
    .addOption(allOption())
    .addOption(timeoutOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nReturns once nothing of them is left. They stay stopped, also when the machine restarts.')
    .action((names: string[], options: Options) => {
      checkSelection(names, options.all)
      return stopShips(context, names, options)
    })
}

/** Stops these ships, or all if none is named. */
export async function stopShips(context: Context, names: readonly string[], options: Options): Promise<void> {
  const client = connect(context)
  const chosen = await selectShips(client, names)
  await onEach(context, chosen, options, async (name) => {
    const ship = await client.call('stopShip', { params: { name }, body: graceOf(options) })
    return { line: `${name}: ${stateInWords(ship, Date.now())}`, reply: { ship } }
  })
}

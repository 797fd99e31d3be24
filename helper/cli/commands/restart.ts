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
    .addHelpText('after', '\nReturns once each runs again. A changed definition is in force from then on.')
    .action((names: string[], options: Options) => restart(context, names, options))
}

async function restart(context: Context, names: string[], options: Options): Promise<void> {
  checkSelection(names, options.all)
  const client = connect(context)
  const chosen = await selectShips(client, names)
  await onEach(context, chosen, options, async (name) => {
    const ship = await client.call('restartShip', { params: { name }, body: graceOf(options) })
    return { line: `${name}: ${stateInWords(ship, Date.now())}`, reply: { ship }, failed: ship.status === 'failed' }
  })
}

import type { Command } from 'commander'
import { startingHelper } from '../context.ts'
import type { Context } from '../context.ts'
import { checkSelection, onEach, selectShips } from '../on-ships.ts'
import { allOption, jsonOption } from '../options.ts'
import { stateInWords } from '../words.ts'

interface Options {
  all?: boolean
  json?: boolean
}

export function configure(command: Command, context: Context): void {
  command
    .argument('[ship...]', 'names of ships')
    .addOption(allOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nReturns once each runs. One that runs already is left alone.')
    .action((names: string[], options: Options) => start(context, names, options))
}

async function start(context: Context, names: string[], options: Options): Promise<void> {
  checkSelection(names, options.all)
  await startingHelper(context, async (client) => {
    const chosen = await selectShips(client, names)
    await onEach(context, chosen, options, async (name) => {
      const ship = await client.call('startShip', { params: { name } })
      return { line: `${name}: ${stateInWords(ship, Date.now())}`, reply: { ship }, failed: ship.status === 'failed' }
    })
  })
}

import type { Command } from 'commander'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { wrongUsage } from '../failure.ts'
import { readKeelanfile, selectDefinitions } from '../keelanfile-file.ts'
import { graceOf, jsonOption, timeoutOption } from '../options.ts'
import { onEach } from '../on-ships.ts'
import { tell } from '../terminal.ts'
import { stateInWords } from '../words.ts'
import { stopShips } from './stop.ts'

interface Options {
  file?: string
  all?: boolean
  json?: boolean
  timeout?: number
}

export function configure(command: Command, context: Context): void {
  command
    .argument('[ship...]', 'only these ships of the Keelanfile')
    .option('-f, --file <file>', 'this Keelanfile instead of the one in the current folder or above')
    .option('--all', 'all ships there are, whatever the Keelanfile names')
    .addOption(timeoutOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nStops them; `keelan remove` forgets them.')
    .action((names: string[], options: Options) => down(context, names, options))
}

async function down(context: Context, names: string[], options: Options): Promise<void> {
  if (options.all && (names.length > 0 || options.file !== undefined))
    throw wrongUsage('--all is all ships there are: leave the names and --file out')
  if (options.all) return stopShips(context, [], options)
  const { path, definitions } = readKeelanfile(context, options.file)
  const wanted = selectDefinitions(definitions, names, path).map(({ name }) => name)
  const client = connect(context)
  const { ships } = await client.call('listShips')
  const there = wanted.filter((name) => ships.some((ship) => ship.name === name))
  for (const name of wanted) if (!there.includes(name)) tell(context.stderr, `${name}: is not deployed`)
  await onEach(context, there, options, async (name) => {
    const ship = await client.call('stopShip', { params: { name }, body: graceOf(options) })
    return { line: `${name}: ${stateInWords(ship, Date.now())}`, reply: { ship } }
  })
}

import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { Refusal, wrongUsage } from '../failure.ts'
import { checkSelection, onEach, selectShips } from '../on-ships.ts'
import { allOption, jsonOption } from '../options.ts'

interface Options {
  all?: boolean
  json?: boolean
  yes?: boolean
  deleteLog?: boolean
}

export function configure(command: Command, context: Context): void {
  command
    .argument('[ship...]', 'names of ships')
    .addOption(allOption())
    .option('--yes', 'with --all: do not ask')
    .option('--delete-log', 'delete their log files too')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nStops them first. Their log files stay unless --delete-log is given; their history stays for 90 days.',
    )
    .action((names: string[], options: Options) => remove(context, names, options))
}

async function remove(context: Context, names: string[], options: Options): Promise<void> {
  checkSelection(names, options.all)
  if (options.all && !options.yes && !context.stdin.isTTY)
    throw wrongUsage('remove --all asks first, and there is no terminal to ask on: add --yes')
  const client = connect(context)
  const chosen = await selectShips(client, names)
  if (options.all && !options.yes && chosen.length > 0) await confirm(context, chosen)
  await onEach(context, chosen, options, async (name) => {
    const reply = await client.call('removeShip', {
      params: { name },
      query: { deleteLog: options.deleteLog ? 'true' : 'false' },
    })
    const kept = reply.keptLogFiles.length === 0 ? '' : `; its log is still in ${reply.keptLogFiles.join(' and ')}`
    return { line: `${name}: removed${kept}`, reply }
  })
}

async function confirm({ stdin, stderr }: Context, names: readonly string[]): Promise<void> {
  const terminal = createInterface({ input: stdin, output: stderr })
  try {
    // Ctrl-C and Ctrl-D close it, and are no yes.
    const closed = once(terminal, 'close').then(() => '')
    const question = terminal.question(`Stop and remove ${names.length} ships (${names.join(', ')})? [y/N] `)
    const answer = await Promise.race([question, closed])
    if (!/^y(es)?$/i.test(answer.trim())) throw new Refusal('nothing was removed')
  } finally {
    terminal.close()
  }
}

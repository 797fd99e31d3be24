import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { ShipName } from '../../api/definition.ts'
import { KeelanError } from '../../api/errors.ts'
import { toDefinition } from '../../keelanfile/to-definition.ts'
import { keys } from '../../keelanfile/keys.ts'
import { foldersOf, startingHelper } from '../context.ts'
import type { Context } from '../context.ts'
import { definitionOptions, saidByOptions } from '../definition-options.ts'
import { Exit, exitCodes, failureLine, wrongUsage } from '../failure.ts'
import { jsonOption } from '../options.ts'
import { shellEnvironment } from '../shell-environment.ts'
import { plain, tell, tellJson } from '../terminal.ts'
import { stateInWords } from '../words.ts'

interface Options extends Record<string, unknown> {
  replace?: boolean
  start: boolean
  json?: boolean
}

const examples = `
The command is run as it stands, without a shell. A single argument with blanks in it, which is no existing file, is a
line for sh -c. Paths are relative to the current folder, where the ship runs too unless --cwd says otherwise.

Examples:
  keelan deploy web -- python3 -m http.server 8000
  keelan deploy tick -- 'while true; do date; sleep 5; done'
  keelan deploy api --env PORT=8080 --restart always --stop-timeout 30 -- node server.js`

export function configure(command: Command, context: Context): void {
  command
    .usage('[options] <name> -- <command> [argument...]')
    .argument('<name>', 'of the ship: a-z, 0-9, ".", "_" and "-"')
    .argument('<command...>', 'what to run')
    .option('--replace', 'change the ship of this name, and restart it if it runs')
    .option('--no-start', 'do not start it now')
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action((name: string, words: string[], options: Options) => deploy(context, name, words, options))
  for (const option of definitionOptions()) command.addOption(option)
}

async function deploy(context: Context, name: string, words: string[], options: Options): Promise<void> {
  const { error } = ShipName.safeParse(name)
  if (error) throw wrongUsage(`${name} is no name for a ship: it ${error.issues[0]?.message}`)
  const said = saidByOptions(options).set('command', commandOf(words, context.folder))
  const result = toDefinition(name, said, foldersOf(context))
  if (result.problems) {
    throw wrongUsage(
      result.problems
        .map(({ key, entry, message }) => `${optionName(key)}${entry ? ` ${entry}` : ''}: ${message}`)
        .join('; '),
    )
  }
  const { definition } = result
  const { ships } = await startingHelper(context, (client) =>
    client.call('applyShips', {
      body: {
        ships: [definition],
        shellEnvironment: shellEnvironment([definition], context.env),
        replace: options.replace === true,
        start: options.start,
        dryRun: false,
      },
    }),
  )
  const ship = ships[0]?.ship
  if (!ship) throw new KeelanError('SHIP_NOT_FOUND', `${name} was removed meanwhile`)
  if (options.json) tellJson(context.stdout, ship)
  const line = `${name}: ${plain(stateInWords(ship, Date.now()))}`
  if (ship.status === 'failed') {
    tell(context.stderr, failureLine(new KeelanError('FAILED_TO_START', line)))
    throw new Exit(exitCodes.failed)
  }
  if (!options.json) tell(context.stdout, line)
}

/** The command as a definition has it: one argument with blanks in it, which is no file, is a line for the shell. */
export function commandOf(words: readonly string[], folder: string): string | readonly string[] {
  const [first = ''] = words
  const isFile = () => statSync(resolve(folder, first), { throwIfNoEntry: false })?.isFile() === true
  return words.length === 1 && /\s/.test(first) && !isFile() ? first : words
}

function optionName(name: string): string {
  const key = keys.find((candidate) => candidate.name === name)
  return key && key.name !== 'command' ? `--${key.option}` : name
}

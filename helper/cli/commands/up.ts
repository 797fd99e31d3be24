import type { Command } from 'commander'
import { KeelanError } from '../../api/errors.ts'
import type { ApplyAction, CallOf } from '../../api/routes.ts'
import type { Ship } from '../../api/ship.ts'
import { connect, startingHelper } from '../context.ts'
import type { Context } from '../context.ts'
import { Exit, exitCodes, failureLine } from '../failure.ts'
import { readKeelanfile, selectDefinitions } from '../keelanfile-file.ts'
import { jsonOption } from '../options.ts'
import { shellEnvironment } from '../shell-environment.ts'
import { plain, tell, tellJson } from '../terminal.ts'
import { stateInWords } from '../words.ts'

interface Options {
  file?: string
  dryRun?: boolean
  json?: boolean
}

interface Applied {
  name: string
  /** null: not known, since there is no helper to ask. */
  action: ApplyAction | null
  ship: Ship | null
}

export function configure(command: Command, context: Context): void {
  command
    .argument('[ship...]', 'only these ships of the Keelanfile')
    .option('-f, --file <file>', 'this Keelanfile instead of the one in the current folder or above')
    .option('--dry-run', 'only print what would be done')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nCreates and updates the ships that the file names, starts those that do not run, and restarts those whose\ndefinition changed. Others are left alone. A file with any fault in it is refused whole.',
    )
    .action((names: string[], options: Options) => up(context, names, options))
}

async function up(context: Context, names: string[], options: Options): Promise<void> {
  const { path, definitions } = readKeelanfile(context, options.file)
  const ships = [...selectDefinitions(definitions, names, path)]
  const asked = { ships, shellEnvironment: shellEnvironment(ships, context.env), replace: true, start: true }
  if (options.dryRun) return plan(context, asked, options)
  const reply = await startingHelper(context, (client) =>
    client.call('applyShips', { body: { ...asked, dryRun: false } }),
  )
  report(context, reply.ships, options)
}

async function plan(context: Context, asked: CallOf<'applyShips'>['body'], { json }: Options): Promise<void> {
  let applied: Applied[]
  try {
    applied = (await connect(context).call('applyShips', { body: { ...asked, dryRun: true } })).ships
  } catch (error) {
    if (!(error instanceof KeelanError) || error.code !== 'HELPER_NOT_RUNNING') throw error
    tell(context.stderr, 'keelan: the helper is not running: it would be started first, and then compare')
    applied = asked.ships.map(({ name }) => ({ name, action: null, ship: null }))
  }
  if (json) return tellJson(context.stdout, applied)
  for (const { name, action } of applied) tell(context.stdout, `${name}: ${planInWords(action)}`)
}

/** What `--dry-run` says of one ship. */
export function planInWords(action: ApplyAction | null): string {
  const words = {
    create: 'would be created and started',
    update: 'would be updated and started',
    restart: 'would be updated and restarted: its definition changed',
    start: 'would be started',
    none: 'would be left as it is',
  }
  return action === null ? 'would be created, or updated if its definition changed, and started' : words[action]
}

function report({ stdout, stderr }: Context, applied: readonly Applied[], { json }: Options): void {
  const done = {
    create: 'created',
    update: 'updated',
    restart: 'updated and restarted',
    start: 'started',
    none: 'unchanged',
  }
  let failed = false
  if (json) tellJson(stdout, applied)
  for (const { name, action, ship } of applied) {
    const state = ship ? `; ${plain(stateInWords(ship, Date.now()))}` : ''
    const line = `${name}: ${done[action ?? 'none']}${state}`
    if (ship?.status === 'failed' && action !== 'none') {
      failed = true
      tell(stderr, failureLine(new KeelanError('FAILED_TO_START', line)))
    } else if (!json) tell(stdout, line)
  }
  if (failed) throw new Exit(exitCodes.failed)
}

import type { Command } from 'commander'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../failure.ts'
import { monitorLines } from '../monitor-lines.ts'
import { jsonOption } from '../options.ts'
import { colorsFor, tell, tellJson } from '../terminal.ts'
import { watchShips } from '../watch-ships.ts'

interface Options {
  watch?: boolean
  json?: boolean
}

export function configure(command: Command, context: Context): void {
  command
    .option('-w, --watch', 'live, until q or Ctrl-C')
    .addOption(jsonOption())
    .action((options: Options) => monitor(context, options))
}

async function monitor(context: Context, { watch, json }: Options): Promise<void> {
  const { stdout, env } = context
  const client = connect(context)
  if (watch && (json || !stdout.isTTY))
    throw new Refusal(
      json
        ? '--watch is for people; `keelan events --follow --json` is for programs'
        : '--watch needs a terminal; `keelan events --follow` does not',
    )
  const helper = await client.call('getHelper')
  if (watch) return watchShips(context, client, helper)
  const { ships } = await client.call('listShips')
  if (json) return tellJson(stdout, { helper, ships })
  const size = { width: stdout.isTTY ? stdout.columns || Infinity : Infinity, height: Infinity }
  const view = { helper, ships, waiting: false, nowMs: Date.now() }
  for (const line of monitorLines(view, size, colorsFor(stdout, env))) tell(stdout, line)
}

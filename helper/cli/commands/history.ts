import type { Command } from 'commander'
import type { Run } from '../../api/ship.ts'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { count, jsonOption } from '../options.ts'
import { tableLines } from '../table.ts'
import { colorsFor, plain, tell, tellJson } from '../terminal.ts'
import type { Colors } from '../terminal.ts'
import { localTime, shortDuration, shortSize } from '../words.ts'

interface Options {
  lines: number
  json?: boolean
}

/** What the API gives in one reply at most. */
const pageSize = 1_000

export function configure(command: Command, context: Context): void {
  command
    .argument('<ship>', 'name of a ship')
    .option('-n, --lines <number>', 'this many runs, the newest first', count(1), 20)
    .addOption(jsonOption())
    .action((name: string, options: Options) => history(context, name, options))
}

async function history(context: Context, name: string, { lines, json }: Options): Promise<void> {
  const { stdout, stderr, env } = context
  const client = connect(context)
  const runs: Run[] = []
  for (;;) {
    const limit = Math.min(lines - runs.length, pageSize)
    const before = runs.at(-1)?.id
    const page = await client.call('listRuns', {
      params: { name },
      query: { limit, ...(before !== undefined && { before }) },
    })
    runs.push(...page.runs)
    if (page.runs.length < limit || runs.length >= lines) break
  }
  if (json) return tellJson(stdout, runs)
  if (runs.length === 0) return tell(stderr, `${name} has not run yet.`)
  for (const line of runTable(runs, colorsFor(stdout, env), Date.now(), stdout.isTTY ? stdout.columns : undefined))
    tell(stdout, line)
}

/** The lines of `keelan history`. */
export function runTable(runs: readonly Run[], colors: Colors, nowMs: number, width?: number): string[] {
  const [titles = '', ...rows] = tableLines(
    [
      { title: 'STARTED' },
      { title: 'RAN FOR', right: true },
      { title: 'PID', right: true },
      { title: 'CPU', right: true },
      { title: 'MEMORY', right: true },
      { title: 'HOW IT ENDED' },
    ],
    runs.map((run) => [
      localTime(run.startedAt),
      shortDuration(run.durationMs ?? (run.endedAt === null ? nowMs - Date.parse(run.startedAt) : 0)),
      String(run.pid ?? '-'),
      run.cpuUserMs === null ? '-' : shortDuration(run.cpuUserMs + (run.cpuSystemMs ?? 0)),
      run.peakMemoryBytes === null ? '-' : shortSize(run.peakMemoryBytes),
      run.endedAt === null
        ? 'is running'
        : plain(run.message ?? run.reason ?? 'unknown') + (run.helperAway ? ' (while the helper was away)' : ''),
    ]),
    width,
  )
  return [colors.dim(titles), ...rows]
}

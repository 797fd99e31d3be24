import { KeelanError } from '../../api/errors.ts'
import type { HelperInfo, StatusFile } from '../../api/helper.ts'
import { shipStatuses } from '../../api/ship.ts'
import { baseDirectory } from '../../base-directory.ts'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { lastLines, lastStatus } from '../daemon-state.ts'
import { Exit, exitCodes } from '../failure.ts'
import { colorsFor, plain, tell, tellJson } from '../terminal.ts'
import type { Colors } from '../terminal.ts'
import { countsInWords, localTime, shortDuration, shortSize } from '../words.ts'

/** Tells whether the helper is running and where its files are; ends with 3 if it is not. */
export async function status(context: Context, { lines, json }: { lines: number; json?: boolean }): Promise<void> {
  const { stdout, env } = context
  const colors = colorsFor(stdout, env)
  let helper: HelperInfo
  try {
    helper = await connect(context).call('getHelper')
  } catch (error) {
    if (!(error instanceof KeelanError) || error.code !== 'HELPER_NOT_RUNNING') throw error
    const logFile = baseDirectory(env).defaultLogFile
    const last = { status: lastStatus(env), logFile, lastLogLines: lastLines(logFile, lines) }
    if (json) tellJson(stdout, { running: false, ...last })
    else for (const line of stoppedLines(last, colors)) tell(stdout, line)
    throw new Exit(exitCodes.helperNotRunning)
  }
  const info = { ...helper, lastLogLines: lastLines(helper.logFile, lines) }
  if (json) return tellJson(stdout, { running: true, ...info })
  for (const line of runningLines(info, colors)) tell(stdout, line)
}

function runningLines(helper: HelperInfo, colors: Colors): string[] {
  const ships = Object.fromEntries(shipStatuses.map((status) => [status, helper.ships[status] ?? 0]))
  return [
    `${colors.green('running')}, pid ${helper.pid}, for ${shortDuration(helper.uptimeSeconds * 1_000)}`,
    ...facts(
      [
        ['version', helper.version],
        ['platform', helper.platform],
        ['sweeps', `every ${helper.intervalSeconds} s`],
        ['ships', countsInWords(ships)],
        ['base', helper.baseDirectory],
        ['socket', helper.socket],
        ['database', helper.database],
        ['pid file', helper.pidFile],
        ['log', `${helper.logFile} (${shortSize(helper.logFileBytes)})`],
      ],
      colors,
    ),
    ...logLines(helper.lastLogLines),
  ]
}

function stoppedLines(
  { status: last, logFile, lastLogLines }: { status: StatusFile | null; logFile: string; lastLogLines: string[] },
  colors: Colors,
): string[] {
  const known = last ? lastInWords(last) : []
  return [colors.yellow('not running'), ...facts([...known, ['log', logFile]], colors), ...logLines(lastLogLines)]
}

/** What the last helper said of itself. One that says it is running was killed, or lost its machine. */
function lastInWords({ status: last, start_time, stop_time, pid, error }: StatusFile): [string, string][] {
  return [
    [
      'last',
      last === 'running' ? `pid ${pid} ended without a word (killed, or the machine went down)` : `pid ${pid}, ${last}`,
    ],
    ...(start_time === null ? [] : [['started', localTime(start_time)] satisfies [string, string]]),
    ...(stop_time === null ? [] : [['stopped', localTime(stop_time)] satisfies [string, string]]),
    ...(error === null ? [] : [['error', error] satisfies [string, string]]),
  ]
}

const facts = (pairs: readonly [string, string][], colors: Colors): string[] =>
  pairs.map(([title, fact]) => `  ${colors.dim(title.padEnd(8))}  ${plain(fact)}`)

const logLines = (lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', 'Last lines of its log:', ...lines.map((line) => `  ${plain(line)}`)]

import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { Refusal, wrongUsage } from '../failure.ts'
import { HarmlessText } from '../../harmless-text.ts'
import { untilInterrupted } from '../interrupt.ts'
import { entryParts, rawParts, readLog } from '../log-reader.ts'
import type { LogEntry, LogQuery, LogSource } from '../log-reader.ts'
import { sinceTime, timePrefix } from '../log-time.ts'
import { count } from '../options.ts'
import { tell, writeGently } from '../terminal.ts'

interface Options {
  follow?: boolean
  lines?: number
  since?: Date
  grep?: string
  timestamps?: boolean
  all?: boolean
  raw?: boolean
  stdout?: boolean
  stderr?: boolean
}

/** Shown when nothing says how much. */
const usualLines = 50

const help = `
Without -n, --since, --grep or --all: the last ${usualLines} lines. stdout and stderr are one log, in their exact order, unless the ship
splits them (--split-log): then stdout is shown, and --stderr shows the other.
Into a pipe or a file goes what the ship wrote, byte for byte. On a terminal, colours and tabs pass and other control
characters do not; --raw lets everything pass.
Times (-t) are UTC, to the second; ~ before one says that the line is at most that new.

Examples:
  keelan logs web -f
  keelan logs web --since 10m --grep 'error|warn' -t`

export function configure(command: Command, context: Context): void {
  command
    .argument('<ship>', 'name of a ship')
    .option('-f, --follow', 'go on with what it writes, until Ctrl-C')
    .option('-n, --lines <number>', 'only the last lines', count(0))
    .option('--since <time>', '10m or 2h (ago), 10:30 (today), or an ISO time', (typed) => sinceTime(typed, new Date()))
    .option('--grep <regexp>', 'only lines that match')
    .option('-t, --timestamps', 'begin each line with its time')
    .option('--all', 'the whole log')
    .option('--raw', 'on a terminal too, every byte as it is')
    .option('--stdout', 'of a ship with --split-log: its stdout')
    .option('--stderr', 'of a ship with --split-log: its stderr')
    .addHelpText('after', help)
    .action((name: string, options: Options) => logs(context, name, options))
}

async function logs(context: Context, name: string, options: Options): Promise<void> {
  if (options.stdout && options.stderr) throw wrongUsage('give --stdout or --stderr, not both')
  if (options.all && options.lines !== undefined) throw wrongUsage('give --all or -n, not both')
  const client = connect(context)
  const { definition } = await client.call('getShip', { params: { name } })
  if (!definition.log.split && (options.stdout || options.stderr))
    throw new Refusal(
      `${name} keeps stdout and stderr in one log: leave --${options.stderr ? 'stderr' : 'stdout'} out, or deploy it with --split-log`,
    )
  if (definition.log.split && !options.stdout && !options.stderr && context.stderr.isTTY)
    tell(context.stderr, `keelan: this is the stdout of ${name}; --stderr shows the other`)
  await untilInterrupted((signal) => {
    const open: LogSource<never>['open'] = (query) => client.stream('readLog', { params: { name }, query }, signal)
    const pause = () => sleep(250, undefined, { signal })
    const onState: LogSource<never>['onState'] = (state) => tell(context.stderr, `keelan: ${stateTexts[state]}`)
    const query = logQuery(options)
    return query.format === 'json'
      ? writeEntries(context, readLog({ open, pause, onState, parts: entryParts }, query), options)
      : writeBytes(context, readLog({ open, pause, onState, parts: rawParts }, query), options)
  })
}

const stateTexts = {
  waiting: 'the helper is away; waiting for it',
  back: 'the helper is back',
  truncated: 'the log was truncated or replaced; going on from its start',
}

/** What to ask the API for. */
export function logQuery({ follow, lines, since, grep, timestamps, all, stderr }: Options): LogQuery {
  const some = lines ?? (all || since || grep !== undefined ? undefined : usualLines)
  return {
    stream: stderr ? 'stderr' : 'stdout',
    format: timestamps || grep !== undefined ? 'json' : 'raw',
    ...(follow && { follow: 'true' }),
    ...(some !== undefined && { lines: some }),
    ...(since && { since: since.toISOString() }),
    ...(grep !== undefined && { grep }),
  }
}

async function writeBytes({ stdout }: Context, parts: AsyncIterable<Buffer>, { raw }: Options): Promise<void> {
  const harmless = stdout.isTTY && !raw ? new HarmlessText() : undefined
  try {
    for await (const bytes of parts) await writeGently(stdout, harmless ? harmless.push(bytes) : bytes)
  } finally {
    await writeGently(stdout, harmless?.end() ?? '')
  }
}

async function writeEntries(
  { stdout }: Context,
  entries: AsyncIterable<LogEntry>,
  { raw, timestamps }: Options,
): Promise<void> {
  for await (const { time, exact, text, base64 } of entries) {
    const bytes = Buffer.from(base64 ?? text, base64 ? 'base64' : 'utf8')
    const harmless = new HarmlessText()
    const line = stdout.isTTY && !raw ? Buffer.from(harmless.push(bytes) + harmless.end()) : bytes
    const prefix = timestamps ? timePrefix(time, exact) : ''
    await writeGently(stdout, Buffer.concat([Buffer.from(prefix), line, Buffer.from('\n')]))
  }
}

import type { Command } from 'commander'
import { ShipName } from '../../api/definition.ts'
import type { KeelanEvent, StreamLine } from '../../api/events.ts'
import { connect } from '../context.ts'
import type { Context } from '../context.ts'
import { wrongUsage } from '../failure.ts'
import { untilInterrupted } from '../interrupt.ts'
import { count } from '../options.ts'
import { colorsFor, plain, tell, writeGently } from '../terminal.ts'
import type { Colors } from '../terminal.ts'
import { localTime } from '../words.ts'

interface Options {
  follow?: boolean
  lines: number
  ship?: string
  json?: boolean
}

export function configure(command: Command, context: Context): void {
  command
    .option('-f, --follow', 'go on with what happens, until Ctrl-C')
    .option('-n, --lines <number>', 'begin with this many past events', count(0), 20)
    .option('--ship <ship>', 'only those of one ship')
    .option('--json', 'one JSON object a line, for programs')
    .action((options: Options) => events(context, options))
}

async function events(context: Context, { follow, lines, ship, json }: Options): Promise<void> {
  if (ship !== undefined && !ShipName.safeParse(ship).success) throw wrongUsage(`${ship} is no name of a ship`)
  const client = connect(context)
  const query = { last: lines, ...(ship !== undefined && { ship }) }
  const colors = colorsFor(context.stdout, context.env)
  const write = async (stream: AsyncIterable<StreamLine>) => {
    let begun = false
    for await (const line of stream) {
      if (line.type === 'event')
        await writeGently(context.stdout, `${json ? JSON.stringify(line.event) : eventLine(line.event, colors)}\n`)
      if (line.type !== 'snapshot') continue
      if (begun && line.reset)
        tell(context.stderr, 'keelan: the helper has begun a new history; what happened in between is not known')
      begun = true
    }
  }
  if (!follow) return write(client.events({ ...query, follow: false }))
  // One that is not there to begin with is told of, not waited for.
  await client.call('getHelper')
  await untilInterrupted((signal) => write(client.followEvents(query, signal, tellWaiting(context))))
}

/** Says on stderr when the helper has gone, and when it is back. */
export function tellWaiting({ stderr }: Context): (state: 'connected' | 'waiting') => void {
  let away = false
  return (state) => {
    if (state === 'waiting') tell(stderr, 'keelan: the helper is away; waiting for it')
    else if (away) tell(stderr, 'keelan: the helper is back')
    away = state === 'waiting'
  }
}

/** One event as a line for people. */
export function eventLine({ time, type, message }: KeelanEvent, colors: Colors): string {
  const color =
    type === 'ship.failed' || type === 'ship.shim-lost' ? colors.red : type === 'ship.running' ? colors.green : String
  return `${colors.dim(localTime(time))}  ${color(plain(message))}`
}

import { setInterval } from 'node:timers'
import type { HelperInfo } from '../api/helper.ts'
import type { Ship } from '../api/ship.ts'
import type { KeelanClient } from '../client.ts'
import type { Context } from './context.ts'
import { untilInterrupted } from './interrupt.ts'
import { monitorLines } from './monitor-lines.ts'
import { Screen } from './screen.ts'
import { colorsFor } from './terminal.ts'

/** Shows all ships live on the terminal until `q` or Ctrl-C, over restarts of the helper and changes of the terminal's size. */
export async function watchShips(context: Context, client: KeelanClient, first: HelperInfo): Promise<void> {
  const { stdin, stdout, env } = context
  const colors = colorsFor(stdout, env)
  const ships = new Map<string, Ship>()
  let helper = first
  let waiting = false
  await untilInterrupted(async (interrupted) => {
    const quit = new AbortController()
    const signal = AbortSignal.any([interrupted, quit.signal])
    const screen = new Screen(stdin, stdout, {
      quit: () => quit.abort(),
      lines: (size) => monitorLines({ helper, ships: [...ships.values()], waiting, nowMs: Date.now() }, size, colors),
    })
    // Uptimes go on while nothing happens.
    const clock = setInterval(() => screen.redraw(), 1_000)
    try {
      const stream = client.followEvents({}, signal, (state) => {
        waiting = state === 'waiting'
        if (!waiting)
          client.call('getHelper', {}, signal).then(
            (info) => (helper = info),
            () => {},
          )
        screen.redraw()
      })
      for await (const line of stream) {
        if (line.type === 'snapshot') ships.clear()
        if (line.type === 'snapshot') for (const ship of line.ships) ships.set(ship.name, ship)
        if (line.type === 'event' && line.event.name !== null) {
          if (line.event.ship) ships.set(line.event.name, line.event.ship)
          else if (line.event.type === 'ship.removed') ships.delete(line.event.name)
        }
        screen.redraw()
      }
    } catch (error) {
      if (!quit.signal.aborted) throw error
    } finally {
      clearInterval(clock)
      screen.close()
    }
  })
}

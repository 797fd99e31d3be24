import { z } from 'zod'
import { ShipName } from './definition.ts'
import { Ship, Time } from './ship.ts'

export const eventTypes = [
  'ship.deployed',
  'ship.updated',
  'ship.removed',
  'ship.starting',
  'ship.running',
  'ship.exited',
  'ship.backoff',
  'ship.stopping',
  'ship.stopped',
  'ship.failed',
  'ship.shim-lost',
  'ship.note',
  'incident.opened',
  'incident.closed',
  'notification.test',
  'settings.changed',
  'helper.started',
  'helper.stopped',
] as const

/** Something that happened, in the order it was committed. `seq` grows by one for each and is never given twice. */
export const KeelanEvent = z.strictObject({
  seq: z.number().int(),
  time: Time,
  type: z.enum(eventTypes),
  /** The ship it happened to. */
  name: ShipName.nullable(),
  /** In words, for people: `web exited with code 7 after 3 s`. */
  message: z.string(),
  /** The ship as it was right after; null when it was removed, or for events of the helper. */
  ship: Ship.nullable(),
})
export type KeelanEvent = z.infer<typeof KeelanEvent>

/** Everything at one moment. `reset`: what the client knew before is worthless (another database, or it was away too long). */
export const Snapshot = z.strictObject({
  type: z.literal('snapshot'),
  stream: z.string(),
  seq: z.number().int(),
  reset: z.boolean(),
  ships: z.array(Ship),
})
export type Snapshot = z.infer<typeof Snapshot>

/** What a ship uses, with all its processes. */
export const Usage = z.strictObject({
  /** Of one core, over the time since the usage before: 200 is two cores in full. */
  cpuPercent: z.number(),
  /** PSS where the system tells it, so that shared pages count once; else RSS. */
  memoryBytes: z.number().int(),
})
export type Usage = z.infer<typeof Usage>

/** What all ships that run use, measured while somebody asks for it (`usage=true`), every 2 s. */
export const UsageLine = z.strictObject({
  type: z.literal('usage'),
  time: Time,
  ships: z.record(ShipName, Usage),
})
export type UsageLine = z.infer<typeof UsageLine>

/** One line of the event stream. A heartbeat says that the helper is alive; it is sent when nothing else is. */
export const StreamLine = z.union([
  Snapshot,
  z.strictObject({ type: z.literal('event'), event: KeelanEvent }),
  z.strictObject({ type: z.literal('heartbeat'), seq: z.number().int() }),
  UsageLine,
])
export type StreamLine = z.infer<typeof StreamLine>

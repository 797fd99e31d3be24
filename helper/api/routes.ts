import { z } from 'zod'
import { AbsolutePath, Environment, ShipDefinition, ShipName } from './definition.ts'
import { HelperInfo } from './helper.ts'
import { Incident, Notification, NotificationClaim, NotificationConfirmation } from './incidents.ts'
import { Found, KeelanfileReading } from './keelanfile.ts'
import { Settings } from './settings.ts'
import { LogPosition, Run, Ship, ShipDetail } from './ship.ts'

/** The longest body of a request, in bytes. */
export const bodyLimit = 1_048_576

/** A request: what it takes, and what the reply is. `stream` replies are bytes or lines, described in words. */
interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType | string = z.ZodType | string,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: `/v1/${string}`
  readonly summary: string
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly reply: Reply
}

const nothing = z.strictObject({})
const oneShip = z.strictObject({ name: ShipName })
const flag = z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0'] })
const count = (max: number) => z.coerce.number().int().min(0).max(max)

const route = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType | string>(
  definition: Route<P, Q, B, R>,
): Route<P, Q, B, R> => definition

const stopBody = z.strictObject({
  /** ms between the stop signal and SIGKILL, instead of the ship's own `stop_timeout`. */
  graceMs: z.number().int().min(0).max(86_400_000).optional(),
})

/** What applying a definition does, or did, to a ship. */
export const ApplyAction = z.enum(['create', 'update', 'restart', 'start', 'none'])
export type ApplyAction = z.infer<typeof ApplyAction>

export const routes = {
  getHelper: route({
    method: 'GET',
    path: '/v1/helper',
    summary: 'The helper itself: version, uptime, files, ships by state',
    params: nothing,
    query: nothing,
    body: nothing,
    reply: HelperInfo,
  }),
  stopHelper: route({
    method: 'POST',
    path: '/v1/helper/stop',
    summary: 'Ends the helper; ships go on running unless `ships` is true, then they are stopped first',
    params: nothing,
    query: nothing,
    body: z.strictObject({ ships: z.boolean().default(false) }),
    reply: z.strictObject({ stoppedShips: z.array(ShipName) }),
  }),
  readHelperLog: route({
    method: 'GET',
    path: '/v1/helper/log',
    summary: "The end of the helper's own log",
    params: nothing,
    query: z.strictObject({
      lines: count(10_000).default(500),
      follow: flag.default(false).describe('go on with what is written from now on, until the connection is closed'),
    }),
    body: nothing,
    reply: 'Text, one line an entry: time, level, module, message',
  }),
  getSettings: route({
    method: 'GET',
    path: '/v1/settings',
    summary: 'What the person has chosen',
    params: nothing,
    query: nothing,
    body: nothing,
    reply: Settings,
  }),
  changeSettings: route({
    method: 'PUT',
    path: '/v1/settings',
    summary: 'Changes the settings given and leaves the others; replies with all',
    params: nothing,
    query: nothing,
    body: Settings.partial(),
    reply: Settings,
  }),
  listIncidents: route({
    method: 'GET',
    path: '/v1/incidents',
    summary: 'Incidents, newest first',
    params: nothing,
    query: z.strictObject({
      ship: ShipName.optional(),
      open: flag.optional().describe('true: only those that last; false: only those that are over'),
      limit: count(1_000).default(50),
      before: count(Number.MAX_SAFE_INTEGER).optional().describe('only those with an id below this one, for paging'),
    }),
    body: nothing,
    reply: z.strictObject({ incidents: z.array(Incident) }),
  }),
  claimNotifications: route({
    method: 'POST',
    path: '/v1/notifications/claim',
    summary: 'Takes what the person is to be told now; the helper tells it itself if that is not confirmed in time',
    params: nothing,
    query: nothing,
    body: NotificationClaim,
    reply: z.strictObject({
      notifications: z.array(Notification),
      /** ms until something that is held back now is due; null: nothing is. */
      nextInMs: z.number().int().nullable(),
    }),
  }),
  confirmNotification: route({
    method: 'POST',
    path: '/v1/notifications/:id/told',
    summary: 'Says that the person was shown a claimed notification; `false`: it was no longer held',
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    query: nothing,
    body: NotificationConfirmation,
    reply: z.strictObject({ confirmed: z.boolean() }),
  }),
  testNotification: route({
    method: 'POST',
    path: '/v1/notifications/test',
    summary: 'Tells the person something, to show that notifications arrive',
    params: nothing,
    query: nothing,
    body: nothing,
    reply: nothing,
  }),
  readKeelanfile: route({
    method: 'POST',
    path: '/v1/keelanfile/read',
    summary: 'The definitions in the text of a Keelanfile, or its faults; nothing is deployed',
    params: nothing,
    query: nothing,
    body: z.strictObject({
      text: z.string().max(bodyLimit),
      folder: AbsolutePath.describe('what relative paths in it start from'),
    }),
    reply: KeelanfileReading,
  }),
  findShips: route({
    method: 'POST',
    path: '/v1/keelanfile/find',
    summary: 'What a folder or a Keelanfile holds that could be deployed; nothing is',
    params: nothing,
    query: nothing,
    body: z.strictObject({ path: AbsolutePath }),
    reply: Found,
  }),
  listShips: route({
    method: 'GET',
    path: '/v1/ships',
    summary: 'All ships, by name',
    params: nothing,
    query: nothing,
    body: nothing,
    reply: z.strictObject({ stream: z.string(), seq: z.number().int(), ships: z.array(Ship) }),
  }),
  applyShips: route({
    method: 'PUT',
    path: '/v1/ships',
    summary: 'Creates or changes ships, all or none, starts them, and replies once each runs or could not be started',
    params: nothing,
    query: nothing,
    body: z.strictObject({
      ships: z.array(ShipDefinition).min(1).max(10_000),
      /**
       * Of the shell that applies them; each ship takes its part (see `inheritedVariables`). Never compared, so another
       * shell restarts nothing. Left out: a ship that exists keeps its own, a new one takes the helper's.
       */
      shellEnvironment: Environment.optional(),
      /** false: a name that exists is refused (`deploy`); true: it is changed, and restarted if it runs (`up`). */
      replace: z.boolean().default(false),
      /** false: nothing is started or restarted; a change applies at the next start. */
      start: z.boolean().default(true),
      /** Only say what would be done. */
      dryRun: z.boolean().default(false),
    }),
    reply: z.strictObject({
      ships: z.array(z.strictObject({ name: ShipName, action: ApplyAction, ship: Ship.nullable() })),
    }),
  }),
  getShip: route({
    method: 'GET',
    path: '/v1/ships/:name',
    summary: 'One ship with its definition',
    params: oneShip,
    query: z.strictObject({ env: flag.default(false).describe('show the values of environment variables') }),
    body: nothing,
    reply: ShipDetail,
  }),
  getKeelanfile: route({
    method: 'GET',
    path: '/v1/ships/:name/keelanfile',
    summary: 'A ship as a Keelanfile declares it',
    params: oneShip,
    query: z.strictObject({
      env: flag.default(false).describe('write the values of environment variables, not `***`'),
    }),
    body: nothing,
    reply: z.strictObject({ text: z.string() }),
  }),
  removeShip: route({
    method: 'DELETE',
    path: '/v1/ships/:name',
    summary: 'Stops a ship and forgets its definition; its log files stay unless `deleteLog` is true',
    params: oneShip,
    query: z.strictObject({ deleteLog: flag.default(false) }),
    body: nothing,
    reply: z.strictObject({ name: ShipName, keptLogFiles: z.array(z.string()) }),
  }),
  startShip: route({
    method: 'POST',
    path: '/v1/ships/:name/start',
    summary: 'Starts a ship and replies once it runs; one that runs already is left alone',
    params: oneShip,
    query: nothing,
    body: nothing,
    reply: Ship,
  }),
  stopShip: route({
    method: 'POST',
    path: '/v1/ships/:name/stop',
    summary: 'Stops a ship and replies once nothing of it is left',
    params: oneShip,
    query: nothing,
    body: stopBody,
    reply: Ship,
  }),
  restartShip: route({
    method: 'POST',
    path: '/v1/ships/:name/restart',
    summary: 'Stops a ship if it runs, starts it, and replies once it runs',
    params: oneShip,
    query: nothing,
    body: stopBody,
    reply: Ship,
  }),
  listRuns: route({
    method: 'GET',
    path: '/v1/ships/:name/runs',
    summary: "A ship's runs, newest first",
    params: oneShip,
    query: z.strictObject({
      limit: count(1_000).default(50),
      before: count(Number.MAX_SAFE_INTEGER).optional().describe('only runs with an id below this one, for paging'),
    }),
    body: nothing,
    reply: z.strictObject({ runs: z.array(Run) }),
  }),
  readLog: route({
    method: 'GET',
    path: '/v1/ships/:name/log',
    summary: "A ship's output",
    params: oneShip,
    query: z.strictObject({
      stream: z.enum(['stdout', 'stderr']).default('stdout').describe('stderr only with `log: {split: true}`'),
      lines: count(1_000_000).optional().describe('at most this many lines; without `from`, the last ones'),
      bytes: count(Number.MAX_SAFE_INTEGER)
        .min(1)
        .optional()
        .describe(
          'at most this many bytes: whole lines, or a part of one that is longer; without `from`, the last ones',
        ),
      from: LogPosition.optional().describe('begin here and read forwards'),
      to: LogPosition.optional().describe('end here; with `lines`, the lines before it'),
      since: z.iso.datetime({ offset: true }).optional().describe('only what was written at or after this time'),
      grep: z.string().max(1_000).optional().describe('only lines that match this regular expression'),
      follow: flag.default(false).describe('go on with what is written from now on, until the connection is closed'),
      format: z.enum(['raw', 'json']).default('raw'),
    }),
    body: nothing,
    reply:
      'format=raw: the bytes as the ship wrote them; the headers keelan-log-from, keelan-log-to and keelan-log-size are positions. ' +
      'format=json: one object a line: {position, next, time, exact, text, base64}. A followed log ends when it is truncated or replaced: ask again without `from`.',
  }),
  searchLog: route({
    method: 'GET',
    path: '/v1/ships/:name/log/search',
    summary: "Where in a ship's output something is found",
    params: oneShip,
    query: z.strictObject({
      stream: z.enum(['stdout', 'stderr']).default('stdout'),
      text: z.string().min(1).max(1_000),
      regex: flag.default(false).describe('`text` is a regular expression'),
      case: flag.default(false).describe('upper and lower case differ'),
      from: LogPosition.optional().describe(
        'begin here, to go on with what was written since; a line that began before is passed over',
      ),
      limit: count(1_000_000).default(100_000).describe('lines found beyond this many are only counted'),
    }),
    body: nothing,
    reply: 'One SearchLine a line: {type: "matches", …} and {type: "progress", …}, at last {type: "done", …}',
  }),
  listEvents: route({
    method: 'GET',
    path: '/v1/events',
    summary: 'The event stream: a snapshot, then every event after it; or, with `after` and `stream`, what was missed',
    params: nothing,
    query: z.strictObject({
      after: count(Number.MAX_SAFE_INTEGER).optional().describe('the last number seen'),
      stream: z.string().max(64).optional().describe('the id of the stream that number belongs to'),
      follow: flag.default(true).describe('false: only what there is'),
      ship: ShipName.optional(),
      last: count(10_000).optional().describe('begin with this many past events'),
      usage: flag.default(false).describe('also what the ships use, every 2 s'),
    }),
    body: nothing,
    reply:
      'One JSON object a line: {type: "snapshot", …}, {type: "event", event: …}, {type: "heartbeat", …} or, with `usage`, {type: "usage", …}',
  }),
} as const

export type Routes = typeof routes
export type RouteName = keyof Routes

/** What a handler is given: the request after validation, defaults filled in. */
export interface RequestOf<N extends RouteName> {
  params: z.output<Routes[N]['params']>
  query: z.output<Routes[N]['query']>
  body: z.output<Routes[N]['body']>
}

/** What a client sends. */
export interface CallOf<N extends RouteName> {
  params: z.input<Routes[N]['params']>
  query: z.input<Routes[N]['query']>
  body: z.input<Routes[N]['body']>
}

export type ReplyOf<N extends RouteName> = Routes[N]['reply'] extends z.ZodType ? z.output<Routes[N]['reply']> : never
export type StreamingRoute = { [N in RouteName]: Routes[N]['reply'] extends string ? N : never }[RouteName]
export type PlainRoute = Exclude<RouteName, StreamingRoute>

/** The one shape of an error reply. */
export const ErrorReply = z.strictObject({ code: z.string(), message: z.string(), details: z.unknown() })

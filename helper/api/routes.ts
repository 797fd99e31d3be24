import { z } from 'zod'
import { Environment, ShipDefinition, ShipName } from './definition.ts'
import { HelperInfo } from './helper.ts'
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
       * shell restarts nothing.
       */
      shellEnvironment: Environment,
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
    }),
    body: nothing,
    reply: 'One JSON object a line: {type: "snapshot", …}, {type: "event", event: …} or {type: "heartbeat", …}',
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

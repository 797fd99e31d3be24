import { z } from 'zod'
import { ShipDefinition } from '../api/definition.ts'
import { errorTable } from '../api/errors.ts'
import { KeelanEvent, Snapshot, StreamLine } from '../api/events.ts'
import { HelperInfo } from '../api/helper.ts'
import { Incident, Notification } from '../api/incidents.ts'
import { ErrorReply, routes } from '../api/routes.ts'
import type { RouteName, StreamingRoute } from '../api/routes.ts'
import { Settings } from '../api/settings.ts'
import { LogPosition, Run, SearchLine, Ship, ShipDetail } from '../api/ship.ts'

const named = {
  ErrorReply,
  HelperInfo,
  Incident,
  KeelanEvent,
  LogPosition,
  Notification,
  Run,
  SearchLine,
  Settings,
  Ship,
  ShipDefinition,
  ShipDetail,
  Snapshot,
  StreamLine,
}

const position = { schema: ref('schemas', 'LogPosition') }
const success: Record<StreamingRoute, object> = {
  readLog: {
    content: { 'application/octet-stream': {}, 'application/x-ndjson': {} },
    headers: {
      'keelan-log-from': { description: 'Where the reply begins', ...position },
      'keelan-log-to': { description: 'Where it ends, but for what is followed', ...position },
      'keelan-log-size': { description: 'Where the log ended', ...position },
    },
  },
  readHelperLog: { content: { 'text/plain': { schema: { type: 'string' } } } },
  searchLog: { content: { 'application/x-ndjson': { schema: ref('schemas', 'SearchLine') } } },
  listEvents: { content: { 'application/x-ndjson': { schema: ref('schemas', 'StreamLine') } } },
}

/** The API as an OpenAPI 3.1 document, made from the contract alone. */
export function openapi(version: string): object {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id })
  const paths: Record<string, Record<string, object>> = {}
  for (const name of Object.keys(routes) as RouteName[]) {
    const { method, path } = routes[name]
    const methods = (paths[path.replaceAll(/:(\w+)/g, '{$1}')] ??= {})
    methods[method.toLowerCase()] = operation(name, registry)
  }
  const codes = Object.entries(errorTable).map(([code, { status, wayOut }]) => `- ${code} (${status}): ${wayOut}`)
  return {
    openapi: '3.1.1',
    info: {
      title: 'Keelan',
      version,
      description: "The helper's API: HTTP over the Unix socket `run/keelan.sock` in the base directory.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://localhost', description: 'over the Unix socket, for its owner alone' }],
    paths,
    components: {
      schemas: schemasOf(registry),
      responses: {
        Error: {
          description: `What went wrong. Codes:\n${codes.join('\n')}`,
          content: { 'application/json': { schema: ref('schemas', 'ErrorReply') } },
        },
      },
    },
  }
}

function operation(name: RouteName, registry: Registry): object {
  const { path, summary, params, query, body, reply } = routes[name]
  const hasBody = Object.keys(body.shape).length > 0
  return {
    operationId: name,
    tags: [path.split('/')[2]],
    summary,
    parameters: [...parameters('path', params.shape), ...parameters('query', query.shape)],
    ...(hasBody && {
      requestBody: {
        required: !body.safeParse({}).success,
        content: { 'application/json': { schema: inComponents(registry, body, `${name}Body`) } },
      },
    }),
    responses: {
      200: isString(reply)
        ? { description: reply, ...success[name as StreamingRoute] }
        : {
            description: 'Done',
            content: { 'application/json': { schema: inComponents(registry, reply, `${name}Reply`) } },
          },
      default: ref('responses', 'Error'),
    },
  }
}

type Registry = z.core.$ZodRegistry<{ id: string }>

function parameters(place: 'path' | 'query', shape: Readonly<Record<string, z.ZodType>>): object[] {
  return Object.entries(shape).map(([name, field]) => {
    const { $schema: _, description, ...schema } = z.toJSONSchema(field)
    return { name, in: place, required: !field.isOptional(), ...(description && { description }), schema }
  })
}

/** A reference to a schema, which gets this id unless it has one. */
function inComponents(registry: Registry, schema: z.ZodType, id: string): object {
  if (!registry.has(schema)) registry.add(schema, { id })
  return ref('schemas', registry.get(schema)?.id ?? id)
}

/** Bodies as they are sent, without what has a default; all else as it is given. */
function schemasOf(registry: Registry): Record<string, object> {
  const uri = (id: string) => `#/components/schemas/${id}`
  const sent = z.toJSONSchema(registry, { uri, io: 'input' }).schemas
  const given = z.toJSONSchema(registry, { uri, io: 'output' }).schemas
  const ids = Object.keys(given).sort()
  return Object.fromEntries(
    ids.map((id) => {
      const { $schema: _, $id: __, ...schema } = (id.endsWith('Body') ? sent : given)[id] ?? {}
      return [id, schema]
    }),
  )
}

function ref(kind: 'schemas' | 'responses', id: string): { $ref: string } {
  return { $ref: `#/components/${kind}/${id}` }
}

function isString(reply: z.ZodType | string): reply is string {
  return typeof reply === 'string'
}

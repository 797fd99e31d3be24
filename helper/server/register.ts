import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { routes } from '../api/routes.ts'
import type { PlainRoute, ReplyOf, RequestOf, RouteName, StreamingRoute } from '../api/routes.ts'
import type { Log } from './log.ts'
import { validate } from './validate.ts'

/**
 * What answers each route of the contract: one that is missing, or of another shape, does not compile. A plain route's
 * handler gives the reply, after the effect. A stream's handler writes to `response`; until it has sent the head it may throw.
 */
export type Handlers = {
  [N in PlainRoute]: (request: RequestOf<N>, response: ServerResponse) => ReplyOf<N> | Promise<ReplyOf<N>>
} & {
  [N in StreamingRoute]: (request: RequestOf<N>, response: ServerResponse) => Promise<void>
}

/** What a handler is to the registration, which treats all routes alike: validated there, typed by `Handlers`. */
type AnyHandler = (
  request: { params: unknown; query: unknown; body: unknown },
  response: ServerResponse,
) => Promise<unknown>

/** Adds every route of the contract. `checkReplies` validates replies too: it costs time, and is for tests. */
export function register(
  app: FastifyInstance,
  handlers: Handlers,
  { log, checkReplies }: { log: Log; checkReplies: boolean },
): void {
  for (const name of Object.keys(routes) as RouteName[]) {
    const { method, path, params, query, body, reply: replySchema } = routes[name]
    const handler = handlers[name] as AnyHandler
    app.route({
      method,
      url: path,
      handler: async (request, reply) => {
        const checked = {
          params: validate('params', params, request.params),
          query: validate('query', query, request.query),
          body: validate('body', body, request.body === undefined ? {} : request.body),
        }
        if (typeof replySchema !== 'string') {
          const answer = await handler(checked, reply.raw)
          return checkReplies ? z.parse(replySchema, answer) : answer
        }
        try {
          await handler(checked, reply.raw)
        } catch (error) {
          if (!reply.raw.headersSent) throw error
          // A client that went away is no fault; after anything else the stream is cut, so that it is not taken for complete.
          if (!reply.raw.destroyed) log.error(`${method} ${request.url} was cut short: ${String(error)}`)
          reply.raw.destroy()
        }
        return reply.hijack()
      },
    })
  }
}

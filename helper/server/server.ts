import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify'
import { KeelanError } from '../api/errors.ts'
import { bodyLimit, routes } from '../api/routes.ts'
import { errorReply, expected } from './error-replies.ts'
import { EventHub } from './event-hub.ts'
import type { Log } from './log.ts'
import { OpenStreams } from './open-streams.ts'
import { register } from './register.ts'
import { eventRoutes } from './routes/events.ts'
import { helperLogRoutes } from './routes/helper-log.ts'
import { helperRoutes } from './routes/helper.ts'
import { incidentRoutes } from './routes/incidents.ts'
import { keelanfileRoutes } from './routes/keelanfile.ts'
import { logSearchRoutes } from './routes/log-search.ts'
import { logRoutes } from './routes/log.ts'
import { notificationRoutes } from './routes/notifications.ts'
import { openapiRoute } from './routes/openapi.ts'
import { runRoutes } from './routes/runs.ts'
import { settingsRoutes } from './routes/settings.ts'
import { shipRoutes } from './routes/ships.ts'
import type { Services } from './services.ts'
import { UsageFeed } from './usage-feed.ts'

export interface ServerOptions {
  version: string
  log: Log
  /** Called once the reply to `stopHelper` was sent, or nobody is there any more to read it: the helper may end now. */
  onStopped: () => void
  /** Validate every reply: for tests. */
  checkReplies?: boolean
}

export interface Server {
  /** Answers on a socket that only its owner may use. Whoever calls this owns the path: a socket that lies there is removed. */
  listen(socketPath: string): Promise<void>
  /** Listens anew after the socket was deleted; connections that there are go on. */
  listenAgain(socketPath: string): Promise<void>
  /** Ends streams, lets replies under way be sent for a moment, and resolves once the socket is gone. */
  close(): Promise<void>
}

/** How long a client may take to send a request, its head and all of it, in ms. */
const headTimeoutMs = 10_000
const requestTimeoutMs = 30_000
const keepAliveTimeoutMs = 30_000
const timeoutCheckMs = 5_000
/** More connections at once than anybody needs, and fewer than would leave the helper without descriptors. */
const mostConnections = 2_000
/** How long replies under way may still take when the server closes, in ms. */
const closeGraceMs = 500

/** The helper's API over HTTP. */
export function createServer(services: Services, options: ServerOptions): Server {
  const { version, log, onStopped, checkReplies = false } = options
  const streams = new OpenStreams()
  const hub = new EventHub(services, streams, log)
  let closing = false
  const app: FastifyInstance = fastify({
    logger: false,
    bodyLimit,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    http: { headersTimeout: headTimeoutMs, connectionsCheckingInterval: timeoutCheckMs },
    return503OnClosing: false,
    exposeHeadRoutes: false,
    // Any name gets as far as the contract's own words about it; the whole head is limited to 16 KiB.
    routerOptions: { maxParamLength: 16_384 },
    // zod validates. Fastify's own validator and serializer are 100 modules and 3 MB that are then not even loaded.
    schemaController: { compilersFactory: { buildValidator: unused, buildSerializer: unused } },
    frameworkErrors: (error, _, reply) => answer(error, reply as unknown as FastifyReply),
    clientErrorHandler: refuseConnection,
  })
  const answer = (error: unknown, reply: FastifyReply) => {
    const known = expected(error)
    if (!known) log.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
    const { status, reply: body } = errorReply(known)
    void reply.code(status).send(body)
  }
  app.setErrorHandler((error, _, reply) => answer(error, reply))
  app.setNotFoundHandler(({ method, url }) => {
    throw notFound(method, url)
  })
  app.addHook('onRequest', async (request) => {
    if ('origin' in request.headers)
      throw new KeelanError('ORIGIN_REFUSED', 'requests with an Origin header are refused: they come from a web page')
    if (closing) throw new KeelanError('HELPER_STOPPING', 'the helper is stopping')
  })
  app.addHook('onResponse', async ({ method, url }, { statusCode }) => log.debug(`${method} ${url} ${statusCode}`))
  readJsonOnly(app)
  const handlers = {
    ...helperRoutes(services, onStopped),
    ...helperLogRoutes(services, streams),
    ...settingsRoutes(services),
    ...incidentRoutes(services),
    ...notificationRoutes(services),
    ...shipRoutes(services),
    ...keelanfileRoutes(services),
    ...runRoutes(services),
    ...logRoutes(services, streams),
    ...logSearchRoutes(services, streams),
    ...eventRoutes(services, hub, new UsageFeed(services, log)),
  }
  register(app, handlers, { log, checkReplies })
  openapiRoute(app, version)
  const { server } = app
  server.maxConnections = mostConnections
  // A client that has said all it wants to say (`nc -N`) still gets its reply.
  Object.assign(server, { httpAllowHalfOpen: true })
  server.on('checkExpectation', refuseExpectation)

  return {
    async listen(socketPath) {
      await rm(socketPath, { force: true })
      await app.listen({ path: socketPath, backlog: mostConnections })
      await chmod(socketPath, 0o600)
    },
    async listenAgain(socketPath) {
      server.close()
      await rm(socketPath, { force: true })
      server.listen({ path: socketPath, backlog: mostConnections })
      await once(server, 'listening')
      await chmod(socketPath, 0o600)
    },
    async close() {
      closing = true
      hub.close()
      streams.close()
      const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs)
      await app.close()
      clearTimeout(timer)
    },
  }
}

function unused(): never {
  throw new Error('a route has a schema for Fastify')
}

/** An empty body counts as none, also if it is called JSON. */
function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, text, done) => {
    try {
      done(null, text === '' ? undefined : JSON.parse(String(text)))
    } catch (error) {
      done(new KeelanError('INVALID_REQUEST', `body: ${(error as Error).message.replace(/\s+/g, ' ')}`))
    }
  })
}

function notFound(method: string, url: string): KeelanError {
  const [path = ''] = url.split('?')
  const methods = Object.values(routes)
    .filter((route) => new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(path))
    .map((route) => route.method)
  if (methods.length === 0) return new KeelanError('NOT_FOUND', `there is no ${path}`)
  return new KeelanError('NOT_FOUND', `${path} does not take ${method}, but ${methods.join(' and ')}`)
}

/** What cannot be read as HTTP, or does not come in time, never becomes a request. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  // After bytes of a reply, an error reply would be taken for more of them.
  if (!socket.writable || socket.bytesWritten > 0) return void socket.destroy()
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const message = late ? 'the request did not come in time' : `the request is not HTTP/1.1: ${error.message}`
  const { reply } = errorReply(new KeelanError('INVALID_REQUEST', message))
  const body = JSON.stringify(reply)
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  const { reply, status } = errorReply(
    new KeelanError('INVALID_REQUEST', `expect: must be 100-continue, not ${request.headers.expect}`),
  )
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(reply))
}

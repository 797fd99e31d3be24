import { request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorTable, KeelanError } from './api/errors.ts'
import type { StreamLine } from './api/events.ts'
import { errorOf, parsedReply, requestPath } from './api/request.ts'
import { bodyLimit, routes } from './api/routes.ts'
import type { CallOf, PlainRoute, ReplyOf, RouteName, StreamingRoute } from './api/routes.ts'
import { longestSocketPath } from './base-directory.ts'

/** What to follow: see the query of `listEvents`. */
export interface EventOptions {
  after?: number
  stream?: string
  ship?: string
  last?: number
  follow?: boolean
  usage?: boolean
}

/** `waiting`: the helper is not there, and is tried again until it is. */
export type ConnectionState = 'connected' | 'waiting'

/** How long the helper may take to accept a request, in ms. Doing what was asked may take as long as it takes. */
const acceptTimeoutMs = 10_000
const firstDelayMs = 100
const longestDelayMs = 2_000

/** The client of the helper's API, typed by the contract. Every failure is a KeelanError, but an aborted `signal` throws its reason. */
export class KeelanClient {
  readonly socketPath: string

  readonly #longestSilenceMs: number

  /** `longestSilenceMs`: after that much of it, followed events are taken for those of a helper that hangs. */
  constructor(socketPath: string, { longestSilenceMs = 35_000 } = {}) {
    this.socketPath = socketPath
    this.#longestSilenceMs = longestSilenceMs
  }

  /** Asks for something and gives the reply, which comes after the effect. */
  async call<N extends PlainRoute>(
    name: N,
    request: Partial<CallOf<N>> = {},
    signal?: AbortSignal,
  ): Promise<ReplyOf<N>> {
    const response = await this.#send(name, request, signal)
    const text = await this.#text(response, signal)
    return parsedReply(text) as ReplyOf<N>
  }

  /** Opens a stream; destroying `body`, or `signal`, closes it. */
  async stream<N extends StreamingRoute>(
    name: N,
    request: Partial<CallOf<N>> = {},
    signal?: AbortSignal,
  ): Promise<{ headers: IncomingHttpHeaders; body: Readable }> {
    const response = await this.#send(name, request, signal)
    const body = new PassThrough()
    response.on('error', () => body.destroy(signal?.aborted ? signal.reason : this.#wentAway()))
    body.on('close', () => response.destroy())
    return { headers: response.headers, body: response.pipe(body) }
  }

  /** The lines of the event stream until it ends, `signal` aborts or the helper goes away (which throws). */
  async *events(options: EventOptions = {}, signal?: AbortSignal): AsyncGenerator<StreamLine, void, undefined> {
    yield* linesOf(await this.#openEvents(options, signal))
  }

  /**
   * Events for as long as `signal` allows, over any number of restarts of the helper: each one is given once, and none is left out.
   * A snapshot with `reset` says that what was known before is worthless. Heartbeats are kept back.
   */
  async *followEvents(
    options: Omit<EventOptions, 'follow'> = {},
    signal?: AbortSignal,
    onState: (state: ConnectionState) => void = () => {},
  ): AsyncGenerator<StreamLine, void, undefined> {
    let next: EventOptions = { ...options }
    let delayMs = firstDelayMs
    let state: ConnectionState | undefined
    let pastTold = -1
    const become = (now: ConnectionState) => {
      if (now !== state) onState((state = now))
    }
    while (!signal?.aborted) {
      try {
        const body = await this.#openEvents(next, signal)
        become('connected')
        // A helper that was frozen keeps its connections: the heartbeats, one in 15 s, show that it lives.
        const silence = setTimeout(() => body.destroy(this.#notAnswering()), this.#longestSilenceMs)
        body.once('close', () => clearTimeout(silence))
        for await (const line of linesOf(body)) {
          silence.refresh()
          delayMs = firstDelayMs
          if (line.type === 'usage') {
            yield line
            continue
          }
          const { last: _, ...rest } = next
          if (line.type === 'snapshot') next = { ...rest, stream: line.stream, after: line.seq }
          else {
            const seq = line.type === 'event' ? line.event.seq : line.seq
            if (next.stream !== undefined) next = { ...rest, after: seq }
            // Past events (`last`) come before the snapshot: without it there is no going on after them, only asking again.
            else if (seq <= pastTold) continue
            else pastTold = seq
          }
          if (line.type !== 'heartbeat') yield line
        }
      } catch (error) {
        if (signal?.aborted) return
        if (!(error instanceof KeelanError) || errorTable[error.code].status < 500) throw error
      }
      become('waiting')
      await sleep(delayMs, undefined, signal ? { signal } : {}).catch(() => {})
      delayMs = Math.min(delayMs * 2, longestDelayMs)
    }
  }

  async #openEvents(options: EventOptions, signal?: AbortSignal): Promise<Readable> {
    const { follow, usage, ...rest } = options
    const query = {
      ...rest,
      ...(follow === undefined ? {} : { follow: String(follow) }),
      ...(usage === undefined ? {} : { usage: String(usage) }),
    }
    return (await this.stream('listEvents', { query }, signal)).body
  }

  /** Sends a request and gives the response once its head is there, if it is not an error. */
  async #send<N extends RouteName>(
    name: N,
    { params, query, body }: Partial<CallOf<N>>,
    signal: AbortSignal | undefined,
  ): Promise<IncomingMessage> {
    signal?.throwIfAborted()
    if (Buffer.byteLength(this.socketPath) > longestSocketPath)
      throw new KeelanError(
        'SOCKET_PATH_TOO_LONG',
        `the socket's path is over ${longestSocketPath} bytes: ${this.socketPath}`,
      )
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    if (content && content.length > bodyLimit)
      throw new KeelanError('BODY_TOO_LARGE', `the request is ${content.length} bytes long`)
    const { method } = routes[name]
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest({
        socketPath: this.socketPath,
        method,
        path: requestPath(name, params ?? {}, query ?? {}),
        // One connection a call: a kept one may be closed by a helper that restarts just as it is used again.
        agent: false,
        headers: {
          // A frozen helper still accepts connections (its kernel does); that it says "continue" shows that it lives.
          expect: '100-continue',
          'content-length': content?.length ?? 0,
          ...(content && { 'content-type': 'application/json' }),
        },
        ...(signal && { signal }),
      })
      const timer = setTimeout(() => request.destroy(this.#notAnswering()), acceptTimeoutMs)
      request.on('continue', () => clearTimeout(timer))
      request.on('response', resolve)
      request.on('error', (error) => reject(signal?.aborted ? signal.reason : this.#understood(error)))
      request.on('close', () => clearTimeout(timer))
      request.end(content)
    })
    if (response.statusCode === 200) return response
    throw errorOf(response.statusCode, await this.#text(response, signal))
  }

  async #text(response: IncomingMessage, signal: AbortSignal | undefined): Promise<string> {
    try {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks).toString()
    } catch {
      throw signal?.aborted ? signal.reason : this.#wentAway()
    }
  }

  #understood(error: NodeJS.ErrnoException): Error {
    switch (error.code) {
      case 'ENOENT':
      case 'ENOTDIR':
      case 'ECONNREFUSED':
        return new KeelanError('HELPER_NOT_RUNNING', `the helper is not running: nothing answers on ${this.socketPath}`)
      case 'ECONNRESET':
      case 'EPIPE':
        return this.#wentAway()
      case 'EAGAIN':
        return this.#notAnswering()
      case 'EACCES':
      case 'EPERM':
        return new KeelanError('BASE_DIRECTORY_UNUSABLE', `you may not use the helper's socket ${this.socketPath}`)
      default:
        if (error instanceof KeelanError) return error
        return new KeelanError('INTERNAL', `talking to the helper on ${this.socketPath} failed: ${error.message}`)
    }
  }

  #wentAway(): KeelanError {
    return new KeelanError(
      'HELPER_WENT_AWAY',
      `the helper on ${this.socketPath} went away before its reply was complete`,
    )
  }

  #notAnswering(): KeelanError {
    return new KeelanError('HELPER_NOT_ANSWERING', `the helper on ${this.socketPath} is there, but does not answer`)
  }
}

async function* linesOf(body: Readable): AsyncGenerator<StreamLine, void, undefined> {
  body.setEncoding('utf8')
  let rest = ''
  for await (const chunk of body) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield parsedReply(line) as StreamLine
  }
}

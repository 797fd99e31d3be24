import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { errorTable } from '../../helper/api/errors.ts'
import type { ErrorCode } from '../../helper/api/errors.ts'
import { passedOn } from './contract-door.ts'
import { inertPolicy, origin, safetyHeaders } from './policy.ts'

/** How long the helper may take to accept a request, in ms. Doing what was asked may take as long as it takes. */
const acceptTimeoutMs = 10_000

/** Headers of a reply that are about one connection only. */
const hopByHop = ['connection', 'keep-alive', 'transfer-encoding', 'trailer', 'upgrade', 'date']

/**
 * Passes a page's request on to the helper, if it is one of the contract, and its reply back as it comes. Of the page's
 * headers only the type of the body goes on: the helper refuses whatever has an Origin. Ends the helper's side when the
 * request is aborted or its window closed. Never throws: a failure is a reply as the helper itself would give it.
 */
export async function passOn(request: Request, socketPath: string): Promise<Response> {
  const from = request.headers.get('origin')
  if (from !== null && from !== origin) return failure('ORIGIN_REFUSED', `requests of ${from} are refused`)
  const url = new URL(request.url)
  const passed = passedOn(request.method, url)
  if (!passed) return failure('NOT_FOUND', `there is no ${request.method} ${url.pathname}`)
  try {
    const response = await send(passed, request, socketPath)
    return new Response(isEmpty(response) ? null : bytes(response), {
      status: response.statusCode ?? 500,
      headers: headersOf(response),
    })
  } catch (error) {
    return understood(error, socketPath)
  }
}

async function send(
  { method, path }: { method: string; path: string },
  { headers, body, signal }: Request,
  socketPath: string,
): Promise<IncomingMessage> {
  const type = headers.get('content-type')
  const content = body && Readable.fromWeb(body as ReadableStream)
  return await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = httpRequest({
      socketPath,
      method,
      path,
      agent: false,
      // A frozen helper still accepts connections (its kernel does); that it says "continue" shows that it lives.
      headers: {
        expect: '100-continue',
        ...(content ? { 'transfer-encoding': 'chunked' } : { 'content-length': 0 }),
        ...(content && type !== null && { 'content-type': type }),
      },
      signal,
    })
    const timer = setTimeout(() => sent.destroy(new NotAnswering()), acceptTimeoutMs)
    sent.on('continue', () => {
      clearTimeout(timer)
      if (content) content.on('error', (error) => sent.destroy(error)).pipe(sent)
      else sent.end()
    })
    sent.on('response', resolve)
    sent.on('error', reject)
    sent.on('close', () => clearTimeout(timer))
    sent.flushHeaders()
  })
}

class NotAnswering extends Error {}

/** As a web stream that stops the helper from sending more than the page reads. */
function bytes(response: IncomingMessage): ReadableStream {
  return Readable.toWeb(response, { strategy: { highWaterMark: 1, size: () => 1 } })
}

const isEmpty = ({ statusCode }: IncomingMessage): boolean => statusCode === 204 || statusCode === 304

function headersOf(response: IncomingMessage): Headers {
  const headers = new Headers({ ...safetyHeaders, 'content-security-policy': inertPolicy, 'cache-control': 'no-store' })
  for (const [name, value] of Object.entries(response.headers))
    if (typeof value === 'string' && !hopByHop.includes(name)) headers.set(name, value)
  return headers
}

function understood(error: unknown, socketPath: string): Response {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ECONNREFUSED')
    return failure('HELPER_NOT_RUNNING', 'the helper is not running')
  if (error instanceof NotAnswering || code === 'EAGAIN')
    return failure('HELPER_NOT_ANSWERING', `the helper on ${socketPath} is there, but does not answer`)
  return failure('HELPER_WENT_AWAY', 'the helper went away before its reply was complete')
}

function failure(code: ErrorCode, message: string): Response {
  return Response.json(
    { code, message, details: null },
    { status: errorTable[code].status, headers: { ...safetyHeaders, 'content-security-policy': inertPolicy } },
  )
}

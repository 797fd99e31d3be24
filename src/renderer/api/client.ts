import { KeelanError } from '../../../helper/api/errors.ts'
import { errorOf, parsedReply, requestPath } from '../../../helper/api/request.ts'
import { routes } from '../../../helper/api/routes.ts'
import type { CallOf, PlainRoute, ReplyOf, RouteName, StreamingRoute } from '../../../helper/api/routes.ts'

/** The pages' client of the API, over the address they were loaded from. Failures are KeelanErrors; an aborted `signal` throws its reason. */
export async function call<N extends PlainRoute>(
  name: N,
  request: Partial<CallOf<N>> = {},
  signal?: AbortSignal,
): Promise<ReplyOf<N>> {
  const response = await send(name, request, signal)
  return parsedReply(await response.text()) as ReplyOf<N>
}

/** Opens a stream of bytes; aborting `signal` closes it. */
export async function open<N extends StreamingRoute>(
  name: N,
  request: Partial<CallOf<N>> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return await send(name, request, signal)
}

/** The objects of a stream of lines (NDJSON), in batches as they arrive. */
export async function* batches<T>(response: Response): AsyncGenerator<T[], void, undefined> {
  if (!response.body) return
  let rest = ''
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const lines = (rest + value).split('\n')
      rest = lines.pop() ?? ''
      if (lines.length > 0) yield lines.map((line) => parsedReply(line) as T)
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

async function send<N extends RouteName>(
  name: N,
  { params, query, body }: Partial<CallOf<N>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const response = await fetch(requestPath(name, params ?? {}, query ?? {}), {
    method: routes[name].method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw signal.reason
    throw new KeelanError('HELPER_NOT_RUNNING', `the helper does not answer: ${String(error)}`)
  })
  if (response.ok) return response
  throw errorOf(response.status, await response.text())
}

import type { z } from 'zod'
import { errorTable, KeelanError } from '../api/errors.ts'
import { bodyLimit } from '../api/routes.ts'
import type { ErrorReply } from '../api/routes.ts'

/** What was expected to go wrong sometimes, as a coded error; undefined for a bug. */
export function expected(error: unknown): KeelanError | undefined {
  if (error instanceof KeelanError) return error
  const { code, statusCode, message } = Object(error) as { code?: unknown; statusCode?: unknown; message?: unknown }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new KeelanError('BODY_TOO_LARGE', `the body is over ${bodyLimit} bytes`)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new KeelanError('INVALID_REQUEST', 'content-type: must be application/json')
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new KeelanError('INVALID_REQUEST', String(message).replace(/\s+/g, ' '))
  return undefined
}

/** The one shape of an error reply. A bug's own words stay in the helper's log. */
export function errorReply(error: KeelanError | undefined): { status: number; reply: z.infer<typeof ErrorReply> } {
  const { code, message, details } =
    error ?? new KeelanError('INTERNAL', "something unexpected happened in the helper; the helper's log tells what")
  return { status: errorTable[code].status, reply: { code, message, details } }
}

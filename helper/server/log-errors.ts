import { KeelanError } from '../api/errors.ts'
import { LogError } from '../logs/log-error.ts'

/** What went wrong with a log, as the API says it; all else as it is. `pattern` is where a request holds the pattern. */
export function inTheTable(error: unknown, pattern: string): unknown {
  if (!(error instanceof LogError)) return error
  switch (error.code) {
    case 'log-replaced':
      return new KeelanError('LOG_POSITION_GONE', error.message)
    case 'pattern-too-slow':
      return new KeelanError('INVALID_REQUEST', `${pattern}: ${error.message}`)
  }
}

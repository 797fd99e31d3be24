/** What may go wrong with a log through nobody's mistake; the server maps `code` onto its own table. */
export class LogError extends Error {
  readonly code: 'log-replaced' | 'pattern-too-slow'

  constructor(code: LogError['code'], message: string) {
    super(message)
    this.name = 'LogError'
    this.code = code
  }
}

/** Where the server writes what a person may have to look at: the helper's own log. */
export interface Log {
  debug(message: string): void
  warn(message: string): void
  error(message: string): void
}

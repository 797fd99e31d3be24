import type { ServerResponse } from 'node:http'

/** The replies that go on until somebody ends them, so that the server can when it closes. */
export class OpenStreams {
  readonly #ends = new Set<() => void>()

  /**
   * Calls `end`, which may happen more than once, when the client left or the server closes. A client that half-closes its
   * connection counts as one that left: until something is written to it, the two cannot be told apart.
   */
  add(response: ServerResponse, end: () => void): void {
    // Not the response's own: of requests sent all at once, all but the first have none yet.
    const { socket } = response.req
    if (socket.readableEnded) end()
    this.#ends.add(end)
    socket.once('end', end)
    response.once('close', () => {
      this.#ends.delete(end)
      socket.off('end', end)
      end()
    })
  }

  /** Ends all of them. */
  close(): void {
    for (const end of this.#ends) end()
  }
}

/** Resolves once more may be written, or nothing ever again. */
export function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (!response.writableNeedDrain || response.destroyed) return resolve()
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}

/** For tests: a log in memory behind `fetch`, that answers as the helper does (a test of its own shows that it does). */
export class FakeLog {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  generation = 1
  /** No request is answered while it is set. */
  away = false
  /** Bytes of the replies so far, but for those followed. */
  sent = 0
  /** Bytes that were followed. */
  followed = 0
  readonly #followers = new Set<() => void>()

  constructor(text: string | Uint8Array = '') {
    this.append(text)
  }

  append(text: string | Uint8Array): void {
    const more = typeof text === 'string' ? new TextEncoder().encode(text) : text
    const all = new Uint8Array(this.bytes.length + more.length)
    all.set(this.bytes)
    all.set(more, this.bytes.length)
    this.bytes = all
    this.#tell()
  }

  truncate(text = ''): void {
    this.bytes = new TextEncoder().encode(text)
    this.generation++
    this.#tell()
  }

  leave(): void {
    this.away = true
    this.#tell()
  }

  readonly fetch = (path: string, { signal }: RequestInit = {}): Promise<Response> => {
    if (this.away) return Promise.reject(new TypeError('fetch failed'))
    const query = new URL(path, 'http://helper').searchParams
    const size = this.bytes.length
    const at = (name: string): number | undefined => {
      const [generation, offset] = (query.get(name) ?? `${this.generation}:-1`).split(':').map(Number)
      if (generation !== this.generation || offset! > size) throw new RangeError()
      return offset === -1 ? undefined : offset
    }
    try {
      let from = at('from') ?? 0
      let to = at('to') ?? size
      const lines = Number(query.get('lines') ?? Infinity)
      const limit = Number(query.get('bytes') ?? Infinity)
      if (query.get('follow') === 'true') return Promise.resolve(this.#follow(from, signal ?? undefined))
      if (query.has('from')) to = Math.min(to, this.#forward(from, lines, limit))
      else from = this.#backward(to, lines, limit)
      const body = query.get('format') === 'json' ? this.#json(from, to) : this.bytes.slice(from, to)
      this.sent += body.length
      return Promise.resolve(new Response(body, { headers: this.#headers(from, to) }))
    } catch {
      const gone = { code: 'LOG_POSITION_GONE', message: 'the log was truncated or replaced', details: null }
      return Promise.resolve(new Response(JSON.stringify(gone), { status: 410 }))
    }
  }

  #headers(from: number, to: number): Record<string, string> {
    const at = (offset: number): string => `${this.generation}:${offset}`
    return { 'keelan-log-from': at(from), 'keelan-log-to': at(to), 'keelan-log-size': at(this.bytes.length) }
  }

  /** Line ends, and the end. */
  #ends(): number[] {
    const ends: number[] = []
    this.bytes.forEach((byte, index) => byte === 10 && ends.push(index + 1))
    if (ends.at(-1) !== this.bytes.length && this.bytes.length > 0) ends.push(this.bytes.length)
    return ends
  }

  #forward(from: number, lines: number, limit: number): number {
    const ends = this.#ends().filter((end) => end > from)
    const fitting = ends.filter((end) => end <= from + limit).slice(0, lines)
    return fitting.at(-1) ?? Math.min(from + limit, this.bytes.length)
  }

  #backward(to: number, lines: number, limit: number): number {
    if (lines === 0) return to
    const starts = [0, ...this.#ends()].filter((start) => start < to)
    const floor = Math.max(0, to - limit)
    return starts.filter((start) => start >= floor).slice(-lines)[0] ?? floor
  }

  #json(from: number, to: number): Uint8Array<ArrayBuffer> {
    const entries: string[] = []
    for (let at = from; at < to;) {
      const newline = this.bytes.indexOf(10, at)
      const end = newline < 0 || newline >= to ? to : newline
      const next = Math.min(end + 1, to)
      const bytes = this.bytes.slice(at, end)
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
      const same = new TextEncoder().encode(text)
      const isText = same.length === bytes.length && same.every((byte, index) => byte === bytes[index])
      entries.push(
        JSON.stringify({
          position: `${this.generation}:${at}`,
          next: `${this.generation}:${next}`,
          time: '2026-11-22T10:00:00.000Z',
          exact: true,
          text,
          ...(!isText && { base64: btoa(String.fromCharCode(...bytes)) }),
        }),
      )
      at = next
    }
    return new TextEncoder().encode(entries.map((entry) => `${entry}\n`).join(''))
  }

  #follow(from: number, signal: AbortSignal | undefined): Response {
    const { generation } = this
    let at = from
    let tell = (): void => {}
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        tell = () => {
          if (this.away) return this.#leaveOff(tell, () => controller.error(new TypeError('network error')))
          if (generation !== this.generation) return this.#leaveOff(tell, () => controller.close())
          while (at < this.bytes.length && controller.desiredSize! > 0) {
            const piece = this.bytes.slice(at, at + 65_536)
            at += piece.length
            this.followed += piece.length
            // Asks for more before it returns.
            controller.enqueue(piece)
          }
        }
        this.#followers.add(tell)
        signal?.addEventListener('abort', () => this.#leaveOff(tell, () => controller.error(signal.reason)))
      },
      pull: () => tell(),
      cancel: () => void this.#followers.delete(tell),
    })
    return new Response(body, { headers: this.#headers(from, this.bytes.length) })
  }

  #leaveOff(follower: () => void, end: () => void): void {
    if (this.#followers.delete(follower)) end()
  }

  #tell(): void {
    for (const tell of this.#followers) tell()
  }
}

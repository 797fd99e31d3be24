import type { Output } from './terminal.ts'

interface ScreenOptions {
  /** What there is to see now. */
  lines(size: { width: number; height: number }): string[]
  /** `q` was pressed, or Ctrl-C where the terminal does not make a signal of it. */
  quit(): void
}

/** Many events at once are drawn once: a person sees no more than this, in ms. */
const drawEveryMs = 50

/** A terminal's alternate screen. The terminal is as it was after `close`, and also when the process ends otherwise. */
export class Screen {
  readonly #stdin: NodeJS.ReadStream
  readonly #stdout: Output
  readonly #options: ScreenOptions
  #drawing: NodeJS.Timeout | undefined
  #closed = false

  constructor(stdin: NodeJS.ReadStream, stdout: Output, options: ScreenOptions) {
    this.#stdin = stdin
    this.#stdout = stdout
    this.#options = options
    process.on('exit', this.close)
    process.on('SIGTERM', this.#terminated)
    process.on('SIGHUP', this.#terminated)
    stdout.on('resize', this.redraw)
    stdout.write('\x1b[?1049h\x1b[?25l')
    if (stdin.isTTY) {
      stdin.setRawMode(true)
      stdin.on('data', this.#pressed)
      stdin.resume()
    }
  }

  /** Draws anew, soon. */
  readonly redraw = (): void => {
    this.#drawing ??= setTimeout(() => this.#draw(), drawEveryMs)
  }

  /** Gives the terminal back. */
  readonly close = (): void => {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#drawing)
    process.off('exit', this.close)
    process.off('SIGTERM', this.#terminated)
    process.off('SIGHUP', this.#terminated)
    this.#stdout.off('resize', this.redraw)
    if (this.#stdin.isTTY) {
      this.#stdin.off('data', this.#pressed)
      this.#stdin.setRawMode(false)
      this.#stdin.pause()
    }
    this.#stdout.write('\x1b[?25h\x1b[?1049l')
  }

  #draw(): void {
    this.#drawing = undefined
    if (this.#closed) return
    const { columns, rows } = this.#stdout
    const [width, height] = [columns || 80, rows || 24]
    const lines = this.#options.lines({ width, height }).slice(0, height)
    // Home, each line with the rest of its row erased, then all below erased: nothing flickers.
    this.#stdout.write(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`)
  }

  readonly #pressed = (keys: Buffer): void => {
    const text = keys.toString()
    if (/q/i.test(text)) this.#options.quit()
    // In raw mode Ctrl-C is a key like any other.
    if (text.includes('\x03')) process.emit('SIGINT')
  }

  readonly #terminated = (signal: NodeJS.Signals): void => {
    this.close()
    process.kill(process.pid, signal)
  }
}

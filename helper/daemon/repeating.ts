/** Does something every so many seconds, which can be changed while it goes on. */
export class Repeating {
  readonly #work: () => void
  #timer: NodeJS.Timeout
  #seconds: number

  constructor(seconds: number, work: () => void) {
    this.#work = work
    this.#seconds = seconds
    this.#timer = this.#begin()
  }

  get seconds(): number {
    return this.#seconds
  }

  /** The time begins afresh. */
  every(seconds: number): void {
    this.stop()
    this.#seconds = seconds
    this.#timer = this.#begin()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #begin(): NodeJS.Timeout {
    return setInterval(this.#work, this.#seconds * 1_000)
  }
}

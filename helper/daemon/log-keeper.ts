import { LogNotes } from '../logs/log-index.ts'
import type { Fleet } from '../supervisor/fleet.ts'
import type { Log } from './helper-log.ts'

/** How often the lengths of growing logs are noted, in ms. */
const tickMs = 1_000

/** Notes where the logs of live ships end, once a second, so that their lines have times without a byte passing through here. */
export class LogKeeper {
  readonly #notes: LogNotes
  readonly #noted = new Map<string, readonly string[]>()
  #timer: NodeJS.Timeout | null = null

  constructor(log: Log) {
    this.#notes = new LogNotes((file, error) => log('warn', 'logs', `${file}: times cannot be noted: ${String(error)}`))
  }

  /** Before a ship starts, so that its first lines have a time too. */
  shipStarts(name: string, files: readonly string[]): void {
    this.#noted.set(name, files)
    for (const file of files) this.#notes.add(file, Date.now())
  }

  begin(fleet: Fleet): void {
    this.#timer = setInterval(() => {
      for (const [name, files] of this.#noted) {
        if (fleet.find(name)?.isAfloat) continue
        for (const file of files) this.#notes.remove(file, Date.now())
        this.#noted.delete(name)
      }
      this.#notes.tick(Date.now())
    }, tickMs)
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#notes.tick(Date.now())
  }
}

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as DBus from '@jellybrick/dbus-next'

/** How long the bus, or who is called on it, may take to answer, in ms. */
const answerMs = 5_000

const load = (): typeof DBus =>
  // Not imported: as a module it and the XML parser that it needs take 9 MB, this way 3.
  createRequire(import.meta.url)('@jellybrick/dbus-next') as typeof DBus

/**
 * Where the session bus of the person may be, the likeliest first; none if `disabled:` says that there is to be none.
 * `app`: what the app last started had, since a helper may be older than the login, or started without a desktop.
 */
export function busAddresses(own: NodeJS.ProcessEnv, app: NodeJS.ProcessEnv, uid: number | undefined): string[] {
  if (own['DBUS_SESSION_BUS_ADDRESS']?.startsWith('disabled:')) return []
  const told = [own, app].flatMap(({ DBUS_SESSION_BUS_ADDRESS: address }) => (address ? [address] : []))
  // The sockets have the same names in every login.
  const folders = [own, app].flatMap(({ XDG_RUNTIME_DIR: folder }) => (folder ? [folder] : []))
  const sockets = [...folders, ...(uid === undefined ? [] : [`/run/user/${uid}`])].map(
    (path) => `unix:path=${path}/bus`,
  )
  return [...new Set([...told, ...sockets])].filter(mayBeThere)
}

/** Of most addresses the socket can be looked for without connecting. */
function mayBeThere(address: string): boolean {
  const path = /^unix:path=([^,;]+)/.exec(address)?.[1]
  return path === undefined || existsSync(path)
}

type OnSignal = (member: string, body: readonly unknown[]) => void

/** One connection to a session bus. */
export class SessionBus {
  readonly #bus: DBus.MessageBus
  readonly #onSignal: OnSignal
  #failed: (error: unknown) => void = () => {}
  readonly #failure = new Promise<never>((_, reject) => (this.#failed = reject))

  private constructor(bus: DBus.MessageBus, onSignal: OnSignal) {
    this.#bus = bus
    this.#onSignal = onSignal
    // Somebody may be waiting for it, or nobody.
    this.#failure.catch(() => undefined)
    // An error that nobody listens for would end the helper; the library's types do not know that there are any.
    const errors = bus as unknown as NodeJS.EventEmitter
    errors.on('error', (error: unknown) => this.#failed(error))
    bus.on('message', (message: DBus.Message) => this.#take(message))
  }

  /** Throws an Error if nobody answers there. `onSignal` gets the signals of interfaces that `listen` was called for. */
  static async connect(address: string, onSignal: OnSignal): Promise<SessionBus> {
    const bus = load().sessionBus({ busAddress: address })
    const link = new SessionBus(bus, onSignal)
    try {
      await link.#orFail(new Promise((resolve) => bus.once('connect', () => resolve(null))))
      return link
    } catch (error) {
      link.close()
      throw error
    }
  }

  /** Calls a method and gives the values of its reply. Throws an Error with what the other side says. */
  async call(to: Target, member: string, signature = '', body: unknown[] = []): Promise<readonly unknown[]> {
    const { Message } = load()
    const reply = await this.#orFail(this.#bus.call(new Message({ ...to, member, signature, body })))
    return reply?.body ?? []
  }

  /** Asks for the signals of an interface. */
  async listen({ destination, interface: from }: Target): Promise<void> {
    const rule = `type='signal',sender='${destination}',interface='${from}'`
    await this.call(theBus, 'AddMatch', 's', [rule])
  }

  /** A value with its type, for where a signature leaves that open. */
  variant(signature: string, value: unknown): unknown {
    const { Variant } = load()
    return new Variant(signature, value)
  }

  close(): void {
    this.#failed(new Error('the connection to the session bus was closed'))
    this.#bus.disconnect()
  }

  #take({ type, member, body }: DBus.Message): void {
    // Later, so that whoever waits for a reply that came right before it has it by then.
    if (type === load().MessageType.SIGNAL) setImmediate(() => this.#onSignal(member, body))
  }

  /** Also if the bus goes away meanwhile, of which the call itself would never hear. */
  async #orFail<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the session bus does not answer')), answerMs)
    })
    try {
      return await Promise.race([work, late, this.#failure])
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Whose method is called. */
export interface Target {
  readonly destination: string
  readonly path: string
  readonly interface: string
}

const theBus: Target = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
}

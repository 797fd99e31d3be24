import {
  Message,
  type MessageBus,
  MessageType,
  RequestNameReply,
  NameFlag,
  sessionBus,
  Variant,
} from '@jellybrick/dbus-next'
import { once } from 'node:events'

const daemon = ['org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus'] as const

export interface Signal {
  readonly atMs: number
  readonly sender: string
  readonly interface: string
  readonly member: string
  readonly body: readonly unknown[]
}

/** What a call is answered with: the signature and the values; null: it is somebody else's. */
export type Answer = readonly [signature: string, ...values: unknown[]] | null

/** One connection to a bus, with plain values instead of variants. */
export class BusLink {
  /** Every signal of the bus since the connection, oldest first. */
  readonly signals: Signal[] = []
  readonly #bus: MessageBus

  private constructor(bus: MessageBus) {
    this.#bus = bus
  }

  static async connect(address: string): Promise<BusLink> {
    const bus = sessionBus({ busAddress: address })
    await once(bus, 'connect')
    const link = new BusLink(bus)
    bus.on('message', (message) => {
      if (message.type !== MessageType.SIGNAL) return
      const { sender, interface: from, member, body } = message
      link.signals.push({ atMs: performance.now(), sender, interface: from, member, body: body.map(plain) })
    })
    await link.call(...daemon, 'AddMatch', 's', ["type='signal'"])
    return link
  }

  /** Takes a name that must be free. */
  async own(name: string): Promise<void> {
    const reply = await this.#bus.requestName(name, NameFlag.DO_NOT_QUEUE)
    if (reply !== RequestNameReply.PRIMARY_OWNER) throw new Error(`${name} is owned by someone else on this bus`)
  }

  /** Answers calls made to the names it owns. */
  answer(
    path: string,
    from: string,
    handle: (member: string, body: unknown[], sender: string) => Answer | Promise<Answer>,
  ): void {
    const reply = (message: Message, [signature, ...values]: NonNullable<Answer>): void =>
      this.#bus.send(Message.newMethodReturn(message, signature, values))
    this.#bus.addMethodHandler((message: Message) => {
      if (message.path !== path || message.interface !== from) return false
      const answer = handle(message.member, message.body, message.sender)
      if (answer instanceof Promise) {
        // The caller may be gone by then.
        answer.then(
          (later) => later && reply(message, later),
          () => undefined,
        )
      } else if (answer) reply(message, answer)
      return answer !== null
    })
  }

  signal(path: string, from: string, member: string, signature: string, body: unknown[]): void {
    this.#bus.send(Message.newSignal(path, from, member, signature, body))
  }

  async call(
    destination: string,
    path: string,
    to: string,
    member: string,
    signature = '',
    body: unknown[] = [],
  ): Promise<unknown[]> {
    const reply = await this.#bus.call(new Message({ destination, path, interface: to, member, signature, body }))
    return (reply?.body ?? []).map(plain)
  }

  /** Pid of whoever has this name. */
  async pidOf(name: string): Promise<number> {
    const [pid] = await this.call(...daemon, 'GetConnectionUnixProcessID', 's', [name])
    return Number(pid)
  }

  close(): void {
    this.#bus.disconnect()
  }
}

/** Without variants and big integers; byte arrays stay as they are. */
export function plain(value: unknown): unknown {
  if (value instanceof Variant) return plain(value.value)
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
}

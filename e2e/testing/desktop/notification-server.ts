import { untilThere } from '../until-there.ts'
import { type BusLink, plain } from './bus-link.ts'

const name = 'org.freedesktop.Notifications'
const path = '/org/freedesktop/Notifications'

/** One call of Notify, as it arrived. */
export interface Shown {
  readonly id: number
  readonly app: string
  readonly replaces: number
  readonly icon: string
  readonly summary: string
  /** With the markup that servers read in it: `&lt;` is a `<` of the text. */
  readonly body: string
  /** Key and label by turns. */
  readonly actions: readonly string[]
  readonly hints: Readonly<Record<string, unknown>>
  /** -1: as the server likes; 0: until it is closed. */
  readonly timeoutMs: number
  /** Of the program that sent it. */
  readonly pid: number
}

/** What a failed test shows of them: not the pixels of their icons. */
export const inWords = (all: readonly Shown[]): string =>
  all.map(({ pid, summary, body }) => `${summary} (of ${pid}): ${body}`).join('\n') || 'none'

/** The desktop's notification server, as the specification has it, played by a test. */
export class NotificationServer {
  /** Every notification since the start, oldest first. */
  readonly shown: Shown[] = []
  /** Of these processes nothing is shown, nor answered. */
  readonly deafTo = new Set<number>()
  /** What they called Notify with. */
  readonly unheard: Shown[] = []
  /** Ids that the programs themselves took back. */
  readonly takenBack: number[] = []
  readonly #link: BusLink

  private constructor(link: BusLink) {
    this.#link = link
  }

  static async start(link: BusLink): Promise<NotificationServer> {
    const server = new NotificationServer(link)
    let lastId = 0
    const receive = async (body: unknown[], sender: string): Promise<Shown> => {
      const [app, replaces, icon, summary, text, actions, hints, timeoutMs] = body.map(plain)
      const one = { app, replaces, icon, summary, body: text, actions, hints, timeoutMs } as Omit<Shown, 'id' | 'pid'>
      const shown = { ...one, id: one.replaces || ++lastId, pid: await link.pidOf(sender) }
      const isHeard = !server.deafTo.has(shown.pid)
      ;(isHeard ? server.shown : server.unheard).push(shown)
      return isHeard ? shown : new Promise(() => {})
    }
    link.answer(path, name, (member, body, sender) => {
      switch (member) {
        case 'GetCapabilities':
          return ['as', ['body', 'body-markup', 'actions', 'icon-static', 'persistence']]
        case 'GetServerInformation':
          return ['ssss', 'keelan-tests', 'Keelan', '1', '1.2']
        case 'Notify':
          return receive(body, sender).then(({ id }) => ['u', id])
        case 'CloseNotification':
          server.takenBack.push(Number(body[0]))
          server.close(Number(body[0]), 3)
          return ['']
        default:
          return null
      }
    })
    await link.own(name)
    return server
  }

  /** The first notification that fits, waited for. */
  until(fits: (one: Shown) => boolean): Promise<Shown> {
    return untilThere(
      'a notification',
      () => this.shown.find(fits),
      () => inWords(this.shown),
    )
  }

  /** As if the person clicked it: `default`, or the key of one of its buttons. Servers close it then. */
  click(id: number, key = 'default'): void {
    this.#link.signal(path, name, 'ActionInvoked', 'us', [id, key])
    this.close(id, 2)
  }

  /** 1: its time was over, 2: the person waved it away, 3: the program took it back. */
  close(id: number, reason: 1 | 2 | 3): void {
    this.#link.signal(path, name, 'NotificationClosed', 'uu', [id, reason])
  }
}

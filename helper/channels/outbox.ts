import { randomUUID } from 'node:crypto'
import type { Notification } from '../api/incidents.ts'
import type { NoticeMemory, ToldIncident } from '../api/records.ts'
import type { Settings } from '../api/settings.ts'
import type { Ship } from '../api/ship.ts'
import type { Channel } from './channel.ts'
import { notificationOf } from './messages.ts'
import { type Draft, isHeld, noticesOf, type Plan, planTelling, type Told, weightOf } from './plan.ts'

/** Who the helper is when it tells the person itself. No client can call itself so: a name of theirs is not empty. */
const helperItself = ''
/** How long what is due waits for somebody to claim it, and a lapsed claim for its confirmation, in ms. */
const patienceMs = 2_000
/** A helper that is killed while it tells gives everything back at its next start; this only bounds one that hangs. */
const ownLeaseMs = 60_000
/** Until it is tried again to tell what could not be told, in ms: soon at first; the last one repeats. */
const retryMs = [10_000, 30_000, 60_000, 120_000, 300_000] as const
/** More than this is not kept for later; the incidents themselves are. */
const mostUntold = 1_000
/** As far back as the plan looks, in ms. */
const toldKeptMs = 30_000
/** As long as something waits, the clock is looked at this often, in ms: a timer stands still while the machine sleeps. */
const longestTimerMs = 60_000

export interface OutboxParts {
  readonly notices: NoticeMemory
  readonly settings: () => Settings
  /** null: there is none of that name. */
  readonly ship: (name: string) => Ship | null
  /** The last lines, as plain text, of the run that failed first. */
  readonly lastLines: (incident: ToldIncident) => Promise<readonly string[]>
  /** How the helper tells the person itself. */
  readonly channel: Channel
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void
}

/** Sees to it that everything is told: by whoever claims it, or else by the helper itself. */
export class Outbox {
  readonly #parts: OutboxParts
  /** One thing at a time: what one claims, the next does not see. */
  #tail: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null
  /** Since when something is due that nobody has claimed. */
  #dueSinceMs: number | null = null
  /** What could not be told is not tried again before this. */
  #notBeforeMs = 0
  #failures = 0
  #told: (Told & { readonly notices: readonly number[] })[] = []
  #isTelling = false
  #isLookDue = false
  #closed = false

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** What a helper before this one was telling when it ended, nobody knows: it is told again. */
  async begin(): Promise<void> {
    await this.#parts.notices.giveBackAll(helperItself)
    this.look()
  }

  /** There is something new to tell, or it is to be told otherwise. */
  look(): void {
    this.#notBeforeMs = 0
    this.#lookAgain()
  }

  /** What `holder` is to tell now, and the ms until more may be due. What it does not confirm in time, the helper tells. */
  claim(holder: string, leaseMs: number): Promise<{ notifications: Notification[]; nextInMs: number | null }> {
    return this.#oneAtATime(async () => {
      const nowMs = Date.now()
      const { due, nextAtMs } = await this.#plan(nowMs)
      const notifications: Notification[] = []
      for (const draft of due) notifications.push(await this.#take(draft, holder, nowMs + leaseMs))
      this.#lookAgain()
      return { notifications, nextInMs: nextAtMs === null ? null : Math.max(1, nextAtMs - nowMs) }
    })
  }

  /** The person was shown it; false: somebody else has it by now. */
  async confirm(message: string, holder: string): Promise<boolean> {
    const isConfirmed = await this.#parts.notices.confirm(message, holder)
    this.#lookAgain()
    return isConfirmed
  }

  close(): void {
    this.#closed = true
    this.#wakeAt(null)
    this.#parts.channel.close()
  }

  #lookAgain(): void {
    // One that has not begun sees all there is by then: when a hundred ships fail at once, one look is enough.
    if (this.#closed || this.#isLookDue) return
    this.#isLookDue = true
    this.#oneAtATime(() => this.#look()).catch((error: unknown) => {
      this.#parts.log('error', `what is to be told could not be read: ${String(error)}`)
      this.#wakeAt(Date.now() + retryMs[0])
    })
  }

  async #look(): Promise<void> {
    this.#isLookDue = false
    if (this.#closed) return
    const nowMs = Date.now()
    const { due, nextAtMs } = await this.#plan(nowMs)
    if (due.length === 0) {
      this.#dueSinceMs = null
      return this.#wakeAt(nextAtMs)
    }
    // Its end looks again.
    if (this.#isTelling) return
    this.#dueSinceMs = Math.min(this.#dueSinceMs ?? nowMs, nowMs)
    const tellAtMs = Math.max(this.#dueSinceMs + patienceMs, this.#notBeforeMs)
    if (nowMs < tellAtMs) return this.#wakeAt(Math.min(tellAtMs, nextAtMs ?? Infinity))
    this.#dueSinceMs = null
    const notifications: Notification[] = []
    for (const draft of due) notifications.push(await this.#take(draft, helperItself, nowMs + ownLeaseMs))
    this.#isTelling = true
    // Not awaited: a desktop that does not answer must hold up nobody's claim.
    void this.#tellAll(notifications).finally(() => {
      this.#isTelling = false
      this.#lookAgain()
    })
  }

  async #plan(nowMs: number): Promise<Plan> {
    const { notices, settings, log } = this.#parts
    const all = await notices.untold()
    const kept = all.slice(-mostUntold)
    // What was given back, or not confirmed, was not told.
    const free = new Set(kept.filter((notice) => !isHeld(notice, nowMs)).map(({ id }) => id))
    this.#told = this.#told.filter(
      (told) => told.atMs > nowMs - toldKeptMs && told.atMs <= nowMs && !told.notices.some((id) => free.has(id)),
    )
    const plan = planTelling(kept, settings(), this.#told, nowMs)
    const settled = [...all.slice(0, -mostUntold).map(({ id }) => id), ...plan.settled]
    if (settled.length > 0) await notices.settle(settled)
    if (all.length > kept.length) log('warn', `${all.length - kept.length} notices are too old to be told`)
    return plan
  }

  async #take(draft: Draft, holder: string, untilMs: number): Promise<Notification> {
    const { notices, ship, lastLines } = this.#parts
    const nowMs = Date.now()
    const id = randomUUID()
    const claimed = noticesOf(draft).map((notice) => notice.id)
    await notices.claim({ message: id, notices: claimed, holder, untilMs })
    this.#told.push(...weightOf(draft, nowMs).map((told) => ({ ...told, notices: claimed })))
    const told = 'subject' in draft && draft.subject.tells !== 'recovered' ? draft.subject.incident : null
    const logLines = told ? await lastLines(told).catch(() => []) : []
    return notificationOf(draft, { id, nowMs, ship, logLines })
  }

  async #tellAll(notifications: readonly Notification[]): Promise<void> {
    const { notices, channel, log } = this.#parts
    for (const [index, notification] of notifications.entries())
      try {
        await channel.tell(notification)
        await notices.confirm(notification.id, helperItself)
        this.#failures = 0
        log('info', `told the person: ${notification.title}`)
      } catch (error) {
        this.#notBeforeMs = Date.now() + (retryMs[Math.min(this.#failures, retryMs.length - 1)] ?? 0)
        if (this.#failures === 0) log('warn', `nobody could be told that ${notification.title}: ${String(error)}`)
        this.#failures += 1
        // The others too: a desktop that does not answer would keep each of them from an app for as long.
        for (const { id } of notifications.slice(index)) await notices.giveBack(id).catch(() => undefined)
        return
      }
  }

  #wakeAt(atMs: number | null): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    if (atMs === null || this.#closed) return
    const delayMs = Math.min(Math.max(0, atMs - Date.now()), longestTimerMs)
    this.#timer = setTimeout(() => this.#lookAgain(), delayMs)
  }

  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work)
    this.#tail = result.catch(() => undefined)
    return result
  }
}

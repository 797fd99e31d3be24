import { z } from 'zod'
import { ShipName } from './definition.ts'
import { Time } from './ship.ts'

/** How an incident ended: by itself, or because the person started, stopped or removed the ship. */
export const IncidentOutcome = z.enum(['recovered', 'started', 'stopped', 'removed'])
export type IncidentOutcome = z.infer<typeof IncidentOutcome>

/**
 * A failure that a person is told of once. It opens at a crash or an unknown exit code, takes in all restarts, and closes
 * once the ship has run for `backoff.reset_after`, or when the person starts, stops or removes it.
 */
export const Incident = z.strictObject({
  id: z.number().int(),
  ship: ShipName,
  openedAt: Time,
  /** null while it lasts. */
  closedAt: Time.nullable(),
  outcome: IncidentOutcome.nullable(),
  /** How often the ship has failed since it opened, the first time included. */
  failures: z.number().int(),
  /** The first failure in words: `exited with code 7 after 3 s`. */
  reason: z.string(),
  /** The newest one. */
  lastReason: z.string(),
})
export type Incident = z.infer<typeof Incident>

/** The longest name that a holder of leases may give itself. */
const HolderName = z.string().min(1).max(100)

/** What a person is to be told, in plain text: whoever shows it escapes it for where it is shown. */
export const Notification = z.strictObject({
  id: z.string(),
  /** `summary`: several incidents in one; `missed`: what failed while nobody could be told. */
  kind: z.enum(['failed', 'recovered', 'summary', 'missed', 'test']),
  title: z.string(),
  /** Lines: the reason, then the last ones of the ship's log. */
  body: z.string(),
  /** What a click shows the log of; null: the list of ships. */
  ship: ShipName.nullable(),
  time: Time,
})
export type Notification = z.infer<typeof Notification>

export const NotificationClaim = z.strictObject({
  /** Who will tell the person, the same for all its claims. */
  holder: HolderName,
  /** ms: what is not confirmed by then is told by the helper, 2 s later. */
  leaseMs: z.number().int().min(500).max(60_000),
})

export const NotificationConfirmation = z.strictObject({ holder: HolderName })

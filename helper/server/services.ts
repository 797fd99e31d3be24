import type { ApplyAction, ReplyOf, RequestOf } from '../api/routes.ts'
import type { Incident } from '../api/incidents.ts'
import type { Settings } from '../api/settings.ts'
import type { KeelanEvent, Usage } from '../api/events.ts'
import type { HelperInfo } from '../api/helper.ts'
import type { Run, Ship, ShipDetail } from '../api/ship.ts'

/** A log file as a ship writes it now. */
export interface ShipLog {
  path: string
}

/** What the routes need of the rest of the helper; `daemon.ts` puts it together. Every method throws KeelanError for what a person can cause. */
export interface Services {
  helper: {
    info(): Promise<HelperInfo>
    /** Stops the ships if asked to and returns their names; the helper itself ends after the reply has been sent. */
    stop(options: { ships: boolean }): Promise<string[]>
  }
  ships: {
    /** All ships and the number of the last event that they include, taken at one moment (synchronously). */
    snapshot(): { stream: string; seq: number; ships: Ship[] }
    detail(name: string, options: { showEnv: boolean }): Promise<ShipDetail>
    apply(request: RequestOf<'applyShips'>['body']): Promise<{ name: string; action: ApplyAction; ship: Ship | null }[]>
    start(name: string): Promise<Ship>
    stop(name: string, graceMs?: number): Promise<Ship>
    restart(name: string, graceMs?: number): Promise<Ship>
    remove(name: string, options: { deleteLog: boolean }): Promise<string[]>
  }
  history: {
    runs(name: string, options: { limit: number; before?: number }): Promise<Run[]>
    /** Committed events with `seq` above `after`, oldest first, at most `limit`. */
    eventsAfter(after: number, options: { limit: number; ship?: string }): Promise<KeelanEvent[]>
    /** The newest events, oldest of them first. */
    lastEvents(options: { limit: number; ship?: string }): Promise<KeelanEvent[]>
    /** The oldest event still kept has a number above this one. */
    oldestKept(): Promise<number>
  }
  logs: {
    /** The file that holds a stream of a ship. Throws SHIP_NOT_FOUND, or INVALID_REQUEST for `stderr` of a ship that does not split. */
    locate(name: string, stream: 'stdout' | 'stderr'): Promise<ShipLog>
  }
  settings: {
    get(): Settings
    /** Changes those given and returns all, once they are remembered and in force. */
    change(part: RequestOf<'changeSettings'>['body']): Promise<Settings>
  }
  incidents: {
    /** Newest first. */
    list(query: RequestOf<'listIncidents'>['query']): Promise<Incident[]>
  }
  notifications: {
    claim(holder: string, leaseMs: number): Promise<ReplyOf<'claimNotifications'>>
    /** False: it is no longer the holder's. */
    confirm(id: string, holder: string): Promise<boolean>
    /** Has the person told something, to show that notifications arrive. */
    test(): Promise<void>
  }
  usage: {
    /** What each ship that runs uses, CPU since the sample before. */
    sample(): Promise<Record<string, Usage>>
    /** Nobody asks any more. */
    forget(): void
  }
  /** Called with each event right after its commit, in order of `seq`, before any later event is committed. Returns the way to end it. */
  onEvent(listener: (event: KeelanEvent) => void): () => void
}

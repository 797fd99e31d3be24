import type { ToldIncident } from '../api/records.ts'
import type { BaseDirectory } from '../base-directory.ts'
import { desktopChannel } from '../channels/desktop.ts'
import { Outbox } from '../channels/outbox.ts'
import { plainLine } from '../harmless-text.ts'
import { parsePosition } from '../logs/position.ts'
import { pageBackward, streamRange } from '../logs/read-log.ts'
import type { Store } from '../store/store.ts'
import type { Fleet } from '../supervisor/fleet.ts'
import type { EventBus } from './event-bus.ts'
import type { Log } from './helper-log.ts'
import type { SettingsKeeper } from './settings-keeper.ts'

/** So many lines of a log say why a ship failed. */
const wantedLines = 3
/** Of these last ones those that are not empty count. */
const lookedAt = { lines: 20, maxBytes: 16_384 }

const newsOf = new Set(['incident.opened', 'incident.closed', 'notification.test', 'settings.changed'])

export interface TellingParts {
  readonly store: Store
  readonly bus: EventBus
  readonly settings: SettingsKeeper
  readonly fleet: Fleet
  readonly paths: BaseDirectory
  readonly log: Log
}

/** Sees to it that the person is told of incidents; begins when the ships are known. */
export async function beginTelling({ store, bus, settings, fleet, paths, log }: TellingParts): Promise<Outbox> {
  const logHere = (level: 'info' | 'warn' | 'error', text: string): void => log(level, 'channels', text)
  const outbox = new Outbox({
    notices: store.notices,
    settings: () => settings.current,
    ship: (name) => fleet.find(name)?.view() ?? null,
    lastLines: (incident) => lastLinesOf(incident, fleet),
    channel: desktopChannel({ appFile: paths.desktopApp, log: logHere }),
    log: logHere,
  })
  bus.listen(({ type }) => {
    if (newsOf.has(type)) outbox.look()
  })
  await outbox.begin()
  return outbox
}

/** What the run that failed first wrote last. With a log of its own for stderr, that one's end: it has no positions of runs. */
async function lastLinesOf({ ship, log: { from, to } }: ToldIncident, fleet: Fleet): Promise<string[]> {
  const files = fleet.find(ship)?.logFiles()
  if (!files) return []
  const errors = files.stderr === null ? [] : await lastLines(files.stderr, null, null)
  return errors.length > 0 ? errors : lastLines(files.stdout, from, to)
}

async function lastLines(file: string, from: string | null, to: string | null): Promise<string[]> {
  const begin = from === null ? undefined : parsePosition(from)
  const page = await pageBackward(file, to === null ? undefined : parsePosition(to), lookedAt)
  const start = begin?.generation === page.generation ? Math.max(page.from, begin.offset) : page.from
  const chunks: Buffer[] = []
  for await (const chunk of streamRange(file, { ...page, from: start })) chunks.push(chunk as Buffer)
  return linesIn(Buffer.concat(chunks))
    .map(plainLine)
    .filter((line) => line !== '')
    .slice(-wantedLines)
}

const linesIn = (bytes: Buffer): Buffer[] =>
  bytes
    .toString('latin1')
    .split('\n')
    .map((line) => Buffer.from(line, 'latin1'))

import { isDeepStrictEqual } from 'node:util'
import { defaultSettings, type Settings } from '../api/settings.ts'
import type { Store } from '../store/store.ts'
import type { EventBus } from './event-bus.ts'

/** Only those given. */
export type SettingsPart = { readonly [K in keyof Settings]?: Settings[K] | undefined }

/** What the person has chosen: remembered first, then in force, then told. */
export class SettingsKeeper {
  readonly #store: Store
  readonly #bus: EventBus
  #current: Settings
  /** A change is made from the settings before it. */
  #tail: Promise<unknown> = Promise.resolve()

  private constructor(store: Store, bus: EventBus, current: Settings) {
    this.#store = store
    this.#bus = bus
    this.#current = current
  }

  static async load(store: Store, bus: EventBus): Promise<SettingsKeeper> {
    return new SettingsKeeper(store, bus, { ...defaultSettings, ...(await store.settings()) })
  }

  get current(): Settings {
    return this.#current
  }

  change(part: SettingsPart): Promise<Settings> {
    const result = this.#tail.then(() => this.#change(part))
    this.#tail = result.catch(() => undefined)
    return result
  }

  async #change(part: SettingsPart): Promise<Settings> {
    const before = this.#current
    const given = Object.entries(part).filter(([, value]) => value !== undefined)
    const next = { ...before, ...(Object.fromEntries(given) as Partial<Settings>) }
    const changed = (Object.keys(next) as (keyof Settings)[]).filter(
      (key) => !isDeepStrictEqual(before[key], next[key]),
    )
    if (changed.length === 0) return before
    const message = `settings were changed: ${changed.map((key) => words[key]).join(', ')}`
    const event = {
      timeMs: Date.now(),
      type: 'settings.changed',
      name: null,
      message,
      ship: null,
      origin: null,
    } as const
    await this.#store.commit({ settings: next, events: [event] }, (events) => {
      this.#current = next
      this.#bus.publish(events)
    })
    return next
  }
}

const words: Record<keyof Settings, string> = {
  notifications: 'notifications',
  mutedShips: 'muted ships',
  quietHours: 'quiet hours',
  theme: 'theme',
  intervalSeconds: 'interval',
}

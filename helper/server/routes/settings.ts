import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'

/** What the person has chosen. */
export function settingsRoutes({ settings }: Services): Pick<Handlers, 'getSettings' | 'changeSettings'> {
  return {
    getSettings: () => settings.get(),
    changeSettings: ({ body }) => settings.change(body),
  }
}

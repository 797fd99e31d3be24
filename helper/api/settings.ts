import { z } from 'zod'
import { ShipName } from './definition.ts'

/** A time of day on the clock of the machine: `22:00`. */
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:00')

/** What a person has chosen, remembered by the helper and the same for tray, window and command line. */
export const Settings = z.strictObject({
  /** Tell of incidents on the desktop. */
  notifications: z.boolean(),
  /** Ships that nothing is told of. */
  mutedShips: z.array(ShipName).max(10_000),
  /** Between these nothing is shown; what failed meanwhile is told at their end, in one. May go over midnight. */
  quietHours: z.strictObject({ from: TimeOfDay, to: TimeOfDay }).nullable(),
  theme: z.enum(['system', 'light', 'dark']),
  /** Seconds between two sweeps over all pids. */
  intervalSeconds: z.number().min(1).max(86_400),
})
export type Settings = z.infer<typeof Settings>

export const defaultSettings: Settings = {
  notifications: true,
  mutedShips: [],
  quietHours: null,
  theme: 'system',
  intervalSeconds: 30,
}

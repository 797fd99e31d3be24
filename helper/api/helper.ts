import { z } from 'zod'
import { Time } from './ship.ts'

export const Platform = z.enum(['console', 'telegram', 'signal'])
export type Platform = z.infer<typeof Platform>

export const HelperInfo = z.strictObject({
  version: z.string(),
  pid: z.number().int(),
  startedAt: Time,
  uptimeSeconds: z.number(),
  /** The chat platform that takes commands. */
  platform: Platform,
  /** Seconds between two sweeps over all pids. */
  intervalSeconds: z.number(),
  baseDirectory: z.string(),
  socket: z.string(),
  database: z.string(),
  pidFile: z.string(),
  logFile: z.string(),
  logFileBytes: z.number().int(),
  lastLogLines: z.array(z.string()),
  /** How many ships are in each state. */
  ships: z.record(z.string(), z.number().int()),
})
export type HelperInfo = z.infer<typeof HelperInfo>

/** `keelan_status.json`, beside the pid file, for tools that only read files. */
export const StatusFile = z.strictObject({
  status: z.enum(['running', 'stopped', 'error']),
  start_time: Time.nullable(),
  stop_time: Time.nullable(),
  pid: z.number().int(),
  platform: Platform,
  error: z.string().nullable(),
})
export type StatusFile = z.infer<typeof StatusFile>

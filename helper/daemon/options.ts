import { parseArgs } from 'node:util'
import { resolve } from 'node:path'
import { Platform } from '../api/helper.ts'
import type { BaseDirectory } from '../base-directory.ts'

export interface DaemonOptions {
  /** null: as the settings say. */
  readonly intervalSeconds: number | null
  readonly logFile: string
  readonly pidFile: string
  readonly platform: Platform
  readonly foreground: boolean
}

/** The helper's own command line, as `daemon-control.ts` writes it. */
export function daemonOptions(args: string[], paths: BaseDirectory): DaemonOptions {
  const { values } = parseArgs({
    args,
    options: {
      interval: { type: 'string' },
      'log-file': { type: 'string', default: paths.defaultLogFile },
      'pid-file': { type: 'string', default: paths.defaultPidFile },
      platform: { type: 'string', default: 'console' },
      foreground: { type: 'boolean', default: false },
    },
  })
  return {
    intervalSeconds: values.interval === undefined ? null : Number(values.interval),
    logFile: resolve(values['log-file']),
    pidFile: resolve(values['pid-file']),
    platform: Platform.parse(values.platform),
    foreground: values.foreground,
  }
}

import { constants } from 'node:os'
import { join } from 'node:path'
import type { Environment, ShipDefinition } from '../api/definition.ts'

/** The files that a ship's output goes to. */
export interface LogFiles {
  readonly stdout: string
  /** null: the same file as stdout. */
  readonly stderr: string | null
}

/** What the shim reads at its start: `helper/shim/PROTOCOL.md` says what each field means. */
export function shimSpec(
  definition: ShipDefinition,
  environment: Environment,
  delays: readonly number[],
  log: LogFiles,
): Buffer {
  const { limits, command } = definition
  const argv = typeof command === 'string' ? ['/bin/sh', '-c', command] : command
  const fields: [key: string, value: string | number | undefined][] = [
    ['format', 1],
    ...argv.map((word): [string, string] => ['arg', word]),
    ...Object.entries(environment).map(([name, value]): [string, string] => ['env', `${name}=${value}`]),
    ['cwd', definition.cwd],
    ['log', log.stdout],
    ['log-stderr', log.stderr ?? undefined],
    ['user', definition.user],
    ['group', definition.group],
    ['root', definition.root],
    ['nice', definition.nice],
    ['limit', limit('nofile', limits.openFiles)],
    ['limit', limit('as', limits.addressSpaceBytes)],
    ['limit', limit('cpu', limits.cpuSeconds)],
    ['limit', limit('core', limits.coreSizeBytes)],
    ['restart', definition.restart],
    ['delays', delays.join(',')],
    ['reset-after', definition.backoff.resetAfterMs],
    ['max-restarts', definition.maxRestarts],
    ['window', definition.windowMs],
    ['stop-signal', constants.signals[definition.stopSignal]],
    ['stop-timeout', definition.stopTimeoutMs],
  ]
  const given = fields.filter(([, value]) => value !== undefined)
  // A NUL byte would begin another field, of somebody else's choice. Whatever comes here was checked before; this is the last gate.
  const torn = given.find(([, value]) => String(value).includes('\0'))
  if (torn) throw new Error(`${definition.name}: ${torn[0]} holds a NUL byte`)
  return Buffer.from(given.map(([key, value]) => `${key}=${value}\0`).join(''))
}

const limit = (name: string, value: number | undefined): string | undefined =>
  value === undefined ? undefined : `${name}:${value}`

/** The log files of a ship in the folder of logs. No ship's name has an `@`, so no two ships can mean the same file. */
export function logFilesOf(shipLogs: string, { name, log }: ShipDefinition): LogFiles {
  return { stdout: join(shipLogs, `${name}.log`), stderr: log.split ? join(shipLogs, `${name}@stderr.log`) : null }
}

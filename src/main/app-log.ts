import { appendFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import electronLog from 'electron-log/node.js'
import type { BaseDirectory } from '../../helper/base-directory.ts'
import { makeFolder } from '../../helper/make-folder.ts'

export type Level = 'error' | 'warn' | 'info' | 'debug'

/** Writes to the app's own log; `module` says who speaks. */
export type Log = (level: Level, module: string, text: string) => void

/** The log is renamed to `….old.log` when it is larger than this, in bytes. */
const largestLog = 2 * 1_024 * 1_024

/**
 * Opens the app's own log, `logs/keelan-app.log`, in the form of the helper's, and notes there what goes wrong without
 * being expected: the tray stays. A log that cannot be written is no reason not to start; the terminal then has it.
 */
export function openAppLog(paths: BaseDirectory): Log {
  const file = join(paths.logs, 'keelan-app.log')
  const logger = electronLog.create({ logId: 'app' })
  const level = logLevel(process.env['LOGLEVEL'])
  logger.transports.file.setAppName('keelan')
  logger.transports.file.resolvePathFn = () => file
  logger.transports.file.level = isWritable(file) ? level : false
  logger.transports.file.maxSize = largestLog
  logger.transports.file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' }
  logger.transports.file.format = '{iso} {level} {text}'
  logger.transports.console.level = logger.transports.file.level === false ? level : 'error'
  logger.transports.console.format = '{h}:{i}:{s} {level} {text}'
  const log: Log = (at, module, text) => logger[at](`[${module}] ${oneLine(text)}`)
  const note = (error: unknown) =>
    log('error', 'app', `unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  return log
}

function isWritable(file: string): boolean {
  try {
    makeFolder(dirname(file))
    appendFileSync(file, '', { mode: 0o600 })
    return true
  } catch {
    return false
  }
}

function logLevel(wanted = ''): Level {
  const known: Record<string, Level> = { ERROR: 'error', WARN: 'warn', WARNING: 'warn', INFO: 'info', DEBUG: 'debug' }
  return known[wanted.toUpperCase()] ?? 'info'
}

/** What others wrote must not look like a line of its own. */
const oneLine = (text: string): string => text.replaceAll(/\r?\n/g, '\\n')

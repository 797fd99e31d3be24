import { appendFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import electronLog from 'electron-log/node.js'
import { KeelanError } from '../api/errors.ts'
import { makeFolder } from '../make-folder.ts'

export type Level = 'error' | 'warn' | 'info' | 'debug'

/** Writes to the helper's own log; `module` says who speaks. */
export type Log = (level: Level, module: string, text: string) => void

/** The log is renamed to `….old.log` when it is larger than this, in bytes. */
const largestLog = 5 * 1_024 * 1_024

/**
 * Opens the helper's log: a line is timestamp, level, module, text. The file is opened anew for every line, so a log that
 * was moved away goes on under its name. With `foreground` the lines go to the terminal as well. `LOGLEVEL` chooses the
 * lowest level written. Throws KeelanError BASE_DIRECTORY_UNUSABLE if the file cannot be written.
 */
export function openHelperLog(file: string, { foreground }: { foreground: boolean }): Log {
  try {
    makeFolder(dirname(file))
    appendFileSync(file, '', { mode: 0o600 })
    if (!statSync(file).isFile()) throw Object.assign(new Error(), { code: 'EISDIR' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new KeelanError('BASE_DIRECTORY_UNUSABLE', `the log ${file} cannot be written (${code})`)
  }
  const logger = electronLog.create({ logId: 'helper' })
  const level = logLevel(process.env['LOGLEVEL'])
  // Otherwise it looks for a package.json above the working directory, which is `/` here, and without one writes nothing.
  logger.transports.file.setAppName('keelan')
  logger.transports.file.resolvePathFn = () => file
  logger.transports.file.level = level
  logger.transports.file.maxSize = largestLog
  logger.transports.file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' }
  logger.transports.file.format = '{iso} {level} {text}'
  logger.transports.console.level = foreground ? level : false
  logger.transports.console.format = '{h}:{i}:{s} {level} {text}'
  return (at, module, text) => logger[at](`[${module}] ${oneLine(text)}`)
}

function logLevel(wanted = ''): Level {
  const known: Record<string, Level> = { ERROR: 'error', WARN: 'warn', WARNING: 'warn', INFO: 'info', DEBUG: 'debug' }
  return known[wanted.toUpperCase()] ?? 'info'
}

/** What others wrote must not look like a line of its own. */
const oneLine = (text: string): string => text.replaceAll(/\r?\n/g, '\\n')

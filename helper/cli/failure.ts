import { KeelanError } from '../api/errors.ts'
import { plain, tell } from './terminal.ts'
import type { Output } from './terminal.ts'

/** Exit codes of `keelan`. */
export const exitCodes = { done: 0, failed: 1, wrongUsage: 2, helperNotRunning: 3, interrupted: 130 } as const

/** A refusal of the command line itself: one line that says what happened and the way out. */
export class Refusal extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message)
    this.name = 'Refusal'
    this.exitCode = exitCode
  }
}

/** The command was typed wrongly. */
export const wrongUsage = (message: string): Refusal => new Refusal(message, exitCodes.wrongUsage)

/** Ends a command that has said everything already. */
export class Exit extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`exit ${exitCode}`)
    this.name = 'Exit'
    this.exitCode = exitCode
  }
}

/** What a person reads of a failure: what happened, and the way out. */
export function failureLine(error: KeelanError): string {
  return `keelan: ${sentence(plain(error.message))} ${error.wayOut}`
}

/** With a full stop, if it has no end yet. */
export const sentence = (text: string): string => text.replace(/[^.?]$/, '$&.')

/** Tells of a failure on stderr and gives the exit code for it. */
export function reportFailure(error: unknown, stderr: Output, env: NodeJS.ProcessEnv): number {
  if (error instanceof Exit) return error.exitCode
  if (error instanceof Refusal) {
    tell(stderr, `keelan: ${plain(error.message)}`)
    return error.exitCode
  }
  if (error instanceof KeelanError) {
    tell(stderr, failureLine(error))
    for (const line of linesIn(error.details)) tell(stderr, `  ${plain(line)}`)
    return error.code === 'HELPER_NOT_RUNNING' ? exitCodes.helperNotRunning : exitCodes.failed
  }
  const { message = String(error), stack = '' } = error instanceof Error ? error : {}
  const hint = env['LOGLEVEL'] === 'DEBUG' ? `\n${stack}` : ' (LOGLEVEL=DEBUG shows where)'
  tell(stderr, `keelan: unexpected: ${plain(message)}. This is a bug, please report it${hint}`)
  return exitCodes.failed
}

/** Lines of a log that came with an error. */
function linesIn(details: unknown): string[] {
  const { lines } = Object(details) as { lines?: unknown }
  return Array.isArray(lines) ? lines.map(String).filter((line) => line !== '') : []
}

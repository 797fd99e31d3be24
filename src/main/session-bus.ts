import { execFile } from 'node:child_process'

/**
 * Asks a service of the session bus, and gives its answer as text; empty: there is none within so many seconds, or no such
 * service; null: nobody can tell, as the command that asks is missing. A command, since the D-Bus library would take 9 MB in
 * the app for good.
 */
export function askBus(
  service: string,
  path: string,
  method: string,
  words: readonly string[] = [],
  seconds = 2,
): Promise<string | null> {
  const where = ['--session', '--timeout', String(seconds), '--dest', service, '--object-path', path]
  return new Promise((resolve) => {
    execFile(
      'gdbus',
      ['call', ...where, '--method', method, ...words],
      { timeout: (seconds + 1) * 1_000 },
      (error, stdout) => resolve(error?.code === 'ENOENT' ? null : stdout),
    )
  })
}

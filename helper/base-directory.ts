import { homedir, platform } from 'node:os'
import { join, resolve } from 'node:path'

/** Longest path a Unix socket can have, in bytes, without its final NUL: `sun_path` in Linux' unix(7) is 108, in macOS' unix(4) 104. */
export const longestSocketPath = (platform() === 'darwin' ? 104 : 108) - 1

/** Where everything lives under one base directory. */
export interface BaseDirectory {
  readonly base: string
  readonly logs: string
  readonly shipLogs: string
  readonly run: string
  readonly shipRuns: string
  readonly socket: string
  /** How the desktop app is started, which it writes itself. */
  readonly desktopApp: string
  readonly lock: string
  readonly database: string
  readonly defaultLogFile: string
  readonly defaultPidFile: string
}

/** The paths under the base directory: `$BASE_DIRECTORY`, else the platform's per-user state directory, so that all parts find each other from anywhere. */
export function baseDirectory(environment: NodeJS.ProcessEnv = process.env): BaseDirectory {
  const base = resolve(environment['BASE_DIRECTORY'] || defaultBase(environment))
  const run = join(base, 'run')
  const logs = join(base, 'logs')
  return {
    base,
    logs,
    run,
    shipLogs: join(logs, 'ships'),
    shipRuns: join(run, 'ships'),
    socket: join(run, 'keelan.sock'),
    desktopApp: join(run, 'desktop-app.json'),
    lock: join(run, 'monitor-daemon.lock'),
    database: join(base, 'keelan.db'),
    defaultLogFile: join(logs, 'monitor-daemon.log'),
    defaultPidFile: join(run, 'monitor-daemon.pid'),
  }
}

function defaultBase(environment: NodeJS.ProcessEnv): string {
  const home = environment['HOME'] || homedir()
  if (platform() === 'darwin') return join(home, 'Library', 'Application Support', 'Keelan')
  if (platform() === 'win32') return join(environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Keelan')
  return join(environment['XDG_STATE_HOME'] || join(home, '.local', 'state'), 'keelan')
}

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HelperInfo } from '../../helper/api/helper.ts'
import { StatusFile } from '../../helper/api/helper.ts'
import { baseDirectory } from '../../helper/base-directory.ts'
import { KeelanClient } from '../../helper/client.ts'
import { restartHelper, startHelper, stopHelper, type Runtime } from '../../helper/daemon-control.ts'
import type { KeeperEffects } from './helper-keeper.ts'

/** How long a helper that no longer answers may take to end, in ms; then one is started, which cannot harm it. */
const longestEndMs = 10_000
const pollMs = 20

/** What the keeper does, done to the helper of this base directory. */
export function helperControl(runtime: Runtime): KeeperEffects {
  const paths = baseDirectory()
  const client = new KeelanClient(paths.socket)
  const find = (): Promise<HelperInfo | null> => client.call('getHelper').catch(() => null)
  return {
    find,
    start: async (last) => {
      await startHelper({ runtime, ...(last && optionsOf(last)) })
    },
    stop: async () => {
      await stopHelper({ ships: false })
    },
    restart: async () => {
      await restartHelper({ runtime })
    },
    ending: async (last, signal) => {
      const file = join(dirname(last?.pidFile ?? paths.defaultPidFile), 'keelan_status.json')
      for (const until = performance.now() + longestEndMs; performance.now() < until; await sleep(pollMs)) {
        const told = readStatus(file)
        if (told?.status === 'stopped') return 'stopped'
        if (told?.status !== 'running' || !isThere(told.pid)) return 'died'
        if (signal.aborted || (await find())) return 'there'
      }
      return 'died'
    },
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
    now: () => performance.now(),
  }
}

/** Node's path for a helper that runs in development; in an installed app its own binary is the Node there is. */
export function helperRuntime(isPackaged: boolean, environment: NodeJS.ProcessEnv = process.env): Runtime {
  if (isPackaged) return { path: process.execPath, env: { ELECTRON_RUN_AS_NODE: '1' } }
  return { path: environment['KEELAN_NODE'] || 'node' }
}

/** What a helper was started with. Its interval it knows by itself: it is a setting. */
const optionsOf = ({ logFile, pidFile, platform }: HelperInfo) => ({ logFile, pidFile, platform })

function readStatus(file: string): StatusFile | null {
  try {
    return StatusFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** Whether a process has this pid; a zombie counts as gone. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A D-Bus of its own. */
export interface SessionBus {
  /** For DBUS_SESSION_BUS_ADDRESS. */
  readonly address: string
  readonly pid: number
  readonly end: () => Promise<void>
}

interface Options {
  /**
   * Start services that are installed here when they are asked for, as a real desktop needs it. Otherwise no real
   * notification server can answer instead of the test's.
   */
  readonly services?: boolean
  /** What those services are started with. */
  readonly env?: NodeJS.ProcessEnv
}

const configuration = (folder: string, services: boolean): string => `<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${folder}/bus</listen>
  <auth>EXTERNAL</auth>
  ${services ? '<standard_session_servicedirs/>' : ''}
  <policy context="default">
    <allow user="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

/** Before a command: ends it with this process, however this ends. */
export const untilTheTestEnds = { command: 'setpriv', words: ['--pdeathsig', 'KILL', '--'] } as const

/** Starts one and returns once it takes connections, from every user. */
export async function startSessionBus({ services = false, env }: Options = {}): Promise<SessionBus> {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-bus-'))
  chmodSync(folder, 0o755)
  const file = join(folder, 'bus.conf')
  writeFileSync(file, configuration(folder, services))
  const words = ['dbus-daemon', `--config-file=${file}`, '--nofork', '--nopidfile', '--print-address']
  const daemon = spawn(untilTheTestEnds.command, [...untilTheTestEnds.words, ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: env ?? process.env,
  })
  const ended = once(daemon, 'exit')
  const [address] = (await Promise.race([
    once(createInterface(daemon.stdout), 'line'),
    ended.then(() => Promise.reject(new Error('dbus-daemon ended at once'))),
  ])) as [string]
  return {
    address,
    pid: daemon.pid ?? 0,
    end: async () => {
      daemon.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

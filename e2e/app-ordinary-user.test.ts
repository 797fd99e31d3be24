import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { electronPath } from '../scripts/electron.mjs'
import { appEnvironment } from './testing/desktop/app.ts'
import { desktop as newDesktop } from './testing/desktop/desktop.ts'
import { commandOf, killIfThere, processesWhere, standing } from './testing/processes.ts'
import { asOrdinaryUser, giveAway, isRoot, nobody, ordinaryUserCanRun } from './testing/users.ts'
import { untilThere } from './testing/until-there.ts'
import { eventually, workplace } from './testing/workplace.ts'

const appFolder = fileURLToPath(new URL('..', import.meta.url))

// Where the tests do not run as root, every other test of the app is one of an ordinary user.
test.skipIf(!isRoot || !ordinaryUserCanRun)(
  'an ordinary user has the app with Chromium’s sandbox on (needs root, and a clone that others may read)',
  async () => {
    const desktop = await newDesktop()
    const place = workplace({ wrap: asOrdinaryUser, env: desktop.env })
    chmodSync(dirname(place.folder), 0o755)
    giveAway(dirname(place.folder))
    giveAway(place.folder)
    const environment = appEnvironment(place, desktop)
    for (const folder of ['home', 'home/run', 'home/tmp']) giveAway(join(place.folder, folder))
    // The runtime lies in root's home, where nobody else may look.
    const runtime = join(place.folder, 'runtime')
    mkdirSync(runtime)
    const copy = 'cp -r --link "$0/." "$1" 2>/dev/null || cp -r "$0/." "$1"'
    execFileSync('sh', ['-c', copy, dirname(await electronPath()), runtime])
    const executable = join(runtime, 'electron')

    const [command = '', ...words] = asOrdinaryUser
    const app = spawn(command, [...words, executable, appFolder], {
      cwd: '/',
      env: environment,
      stdio: 'ignore',
      detached: true,
    })
    const pid = app.pid ?? 0
    onTestFinished(() => killIfThere(pid))
    const ended = once(app, 'exit')
    const icon = await desktop.tray.itemOf(pid)
    await eventually(() => icon.tooltip()).toBe('No ships yet')

    const ofApp = (): number[] => processesWhere((one) => standing(one).session === pid)
    // The window's page: a process of its own, in namespaces of its own and under a system call filter.
    const page = await untilThere('the page', () => ofApp().find((one) => commandOf(one).includes('--type=renderer')))
    expect(commandOf(page)).not.toContain('--no-sandbox')
    await eventually(() => statusOf(page)).toMatchObject({ Uid: String(nobody), Seccomp: '2', NoNewPrivs: '1' })

    await place.ok('deploy', 'mine', '--', 'exec sleep 1000')
    await eventually(() => icon.tooltip()).toBe('1 running')
    await icon.click('mine:', 'Stop')
    await place.until('mine', 'stopped')
    await icon.click('Quit (ships keep running)').catch(() => undefined)
    expect(await ended).toEqual([0, null])
    await eventually(ofApp).toEqual([])
  },
)

/** First values of the lines of `/proc/PID/status`. */
function statusOf(pid: number): Record<string, string> {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n')
  return Object.fromEntries(lines.map((line) => line.split(/:?\s+/).slice(0, 2)))
}

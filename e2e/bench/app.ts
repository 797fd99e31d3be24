import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { type AppCommand, type AppPlace, descendantsOf, openAppPlace, openWindow } from './app-place.ts'
import type { Figure } from './figure.ts'
import { type BenchFleet, startFleet } from './fleet.ts'
import { journalsIn } from './journals.ts'
import { cpuSecondsOf, memoryOf, startTimeOf } from './processes.ts'
import type { Programs } from './programs.ts'
import type { Settings } from './settings.ts'

/** The app beside a helper with ships: how soon it is there, what it takes, and how soon a click has its effect. */
export const measureApp =
  (command: AppCommand) =>
  async (programs: Programs, settings: Settings): Promise<Figure[]> => {
    const place = await openAppPlace('app', command)
    const fleet = await startFleet(place, programs, settings.ships)
    const figures = [
      await toTrayIcon(place, settings),
      ...(await idle(place, settings)),
      ...(await atTheWindow(place, fleet, settings)),
    ]
    await place.close()
    return figures
  }

async function toTrayIcon(place: AppPlace, { ships, repetitions }: Settings): Promise<Figure> {
  const samples: number[] = []
  for (let n = 0; n < repetitions; n += 1) {
    const { pid, fromMs } = place.launch()
    await place.desk.tray.itemOf(pid)
    samples.push(performance.now() - fromMs)
    await place.end(pid)
  }
  return { name: `app: start to tray icon, ${ships} ships`, unit: 'ms', samples }
}

/** Nobody looks, nothing happens: processor time in s a minute and memory, all processes of the app together. */
async function idle(place: AppPlace, { ships, rounds, idleSeconds, settleMs }: Settings): Promise<Figure[]> {
  const { pid } = place.launch()
  await place.desk.tray.itemOf(pid)
  await sleep(settleMs)
  const app = [pid, ...descendantsOf(pid)]
  const rest = [place.helperPid(), ...journalsIn(place.paths.shipRuns).map(({ shim }) => shim.pid)]
  const cpuOf = (pids: readonly number[]) => pids.reduce((sum, one) => sum + cpuSecondsOf(one), 0)
  const ofApp: number[] = []
  const ofAll: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const before = { app: cpuOf(app), rest: cpuOf(rest) }
    await sleep(idleSeconds * 1_000)
    const minutes = idleSeconds / 60
    ofApp.push((cpuOf(app) - before.app) / minutes)
    ofAll.push((cpuOf(app) - before.app + cpuOf(rest) - before.rest) / minutes)
  }
  const memory = pssOf(pid)
  await place.end(pid)
  return [
    {
      name: `app: processor time a minute, window closed, ${ships} ships, with helper and shims`,
      unit: 's',
      samples: ofAll,
      aim: 0.5,
    },
    { name: 'app: of that the app', unit: 's', samples: ofApp },
    { name: 'app: memory, window closed, PSS', unit: 'MB', samples: [memory] },
  ]
}

async function atTheWindow(place: AppPlace, { names }: BenchFleet, settings: Settings): Promise<Figure[]> {
  const { electron, pid } = await place.drive()
  const icon = await place.desk.tray.itemOf(pid)
  const opening: number[] = []
  const open: number[] = []
  const closed: number[] = []
  for (let n = 0; n < settings.repetitions; n += 1) {
    const from = Date.now()
    const page = await openWindow(electron, icon)
    opening.push((await whenShown(page, names[0] ?? '')) - from)
    await sleep(settings.settleMs)
    open.push(pssOf(pid))
    await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((window) => window.close()))
    await sleep(settings.settleMs)
    closed.push(pssOf(pid))
  }
  const stopping = await stopByTray(place, pid, names)
  await place.end(pid)
  const { ships } = settings
  return [
    { name: `app: click on the icon to ${ships} ships in the window`, unit: 'ms', samples: opening, aim: 500 },
    { name: 'app: memory, window open, PSS', unit: 'MB', samples: open },
    { name: 'app: memory, window closed again, PSS', unit: 'MB', samples: closed },
    { name: 'app: Stop in the tray menu to the program gone', unit: 'ms', samples: stopping },
  ]
}

/** When the row of a ship was painted, in ms since 1970. Found out in the page: a question from outside takes as long as drawing it. */
const whenShown = (page: Page, name: string): Promise<number> =>
  page.evaluate(`new Promise((resolve) => {
    const isThere = () => document.querySelector('[data-ship="${name}"]') !== null
    const look = () => requestAnimationFrame(isThere() ? () => setTimeout(() => resolve(Date.now())) : look)
    look()
  })`)

/** From the click, as a panel sends it, until the program is no more. */
async function stopByTray(place: AppPlace, pid: number, names: readonly string[]): Promise<number[]> {
  const icon = await place.desk.tray.itemOf(pid)
  const samples: number[] = []
  for (const name of names.slice(0, 10)) {
    const { ship } = await place.client.call('getShip', { params: { name } })
    if (ship.pid === null) throw new Error(`${name} does not run`)
    const startTime = startTimeOf(ship.pid)
    // The menu has lines for the first ships only, and those that were stopped move to its end.
    const from = performance.now()
    await icon.click(`${name}:`, 'Stop')
    while (startTimeOf(ship.pid) === startTime) await sleep(1)
    samples.push(performance.now() - from)
    await place.client.call('startShip', { params: { name } })
  }
  return samples
}

const pssOf = (pid: number): number =>
  [pid, ...descendantsOf(pid)].reduce((sum, one) => sum + (startTimeOf(one) ? memoryOf(one).pss : 0), 0)

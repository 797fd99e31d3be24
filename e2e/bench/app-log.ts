import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { type AppCommand, openAppPlace, openWindow } from './app-place.ts'
import type { Figure } from './figure.ts'
import { writeKeelanfile } from './place.ts'
import type { Programs } from './programs.ts'
import type { Settings } from './settings.ts'

const linesPerSecond = 10_000

/** Prints lines of some 90 bytes, each with the time it was printed at, in ms. */
const printer = `
  let line = 0
  setInterval(() => {
    const due = Math.floor(performance.now() / 1000 * ${linesPerSecond})
    let text = ''
    for (; line < due; line += 1) text += 'at ' + Date.now() + ' line ' + line + ' ' + 'x'.repeat(60) + '\\n'
    process.stdout.write(text)
  }, 10)
`

/** The log page of a ship that prints a lot, followed: how smooth it stays, how late it is, and what it takes. */
export const measureAppLog =
  (command: AppCommand) =>
  async (_programs: Programs, { logSeconds }: Settings): Promise<Figure[]> => {
    const place = await openAppPlace('app-log', command)
    writeKeelanfile(place, { printer: { command: [process.execPath, '-e', printer] } })
    await place.keelan('up')
    const { electron, pid } = await place.drive()
    const page = await openWindow(electron, await place.desk.tray.itemOf(pid))
    await page.getByRole('row', { name: 'printer' }).first().waitFor()
    await page.evaluate(`location.hash = '#/ships/printer/log'`)
    await page
      .getByText(/^at \d+ line \d+ /)
      .first()
      .waitFor()
    // Until the window of lines that it keeps is full.
    await sleep(2_000)
    const frames = watchFrames(page, logSeconds * 1_000)
    const late: number[] = []
    const heap: number[] = []
    for (let second = 0; second < logSeconds; second += 1) {
      await sleep(1_000)
      late.push(await lateness(page))
      heap.push(await heapOf(page))
    }
    const gaps = await frames
    await place.end(pid)
    await place.close()
    const at = `log page at ${linesPerSecond.toLocaleString('en')} lines a second`
    return [
      { name: `app: ${at}, between two frames`, unit: 'ms', samples: gaps },
      { name: `app: ${at}, longest in a second`, unit: 'ms', samples: longestInEach(gaps, 1_000) },
      { name: `app: ${at}, newest line shown is old`, unit: 'ms', samples: late },
      { name: `app: ${at}, heap of the page`, unit: 'MB', samples: heap },
    ]
  }

// What runs in the page is text: its types are a browser's, and everything else here is Node's.

/** ms between one frame and the next, for so long. */
const watchFrames = (page: Page, forMs: number): Promise<number[]> =>
  page.evaluate(`new Promise((resolve) => {
    const gaps = []
    const start = performance.now()
    let last = start
    const frame = (now) => {
      gaps.push(now - last)
      last = now
      if (now - start < ${forMs}) requestAnimationFrame(frame)
      else resolve(gaps.slice(1))
    }
    requestAnimationFrame(frame)
  })`)

/** How old the newest line in the page is, in ms. */
const lateness = (page: Page): Promise<number> =>
  page.evaluate(`{
    const times = [...document.body.innerText.matchAll(/at (\\d{13}) line/g)].map((match) => Number(match[1]))
    Date.now() - Math.max(...times)
  }`)

const heapOf = (page: Page): Promise<number> => page.evaluate(`performance.memory.usedJSHeapSize / 1_048_576`)

function longestInEach(gaps: readonly number[], everyMs: number): number[] {
  const longest: number[] = []
  let sum = 0
  for (const gap of gaps) {
    const slot = Math.floor(sum / everyMs)
    longest[slot] = Math.max(longest[slot] ?? 0, gap)
    sum += gap
  }
  return longest
}

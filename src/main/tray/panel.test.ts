import { afterEach, expect, test } from 'vitest'
import { startSessionBus, type SessionBus } from '../../../e2e/testing/session-bus.ts'
import { startFakeDesk } from '../../../e2e/testing/fake-desk.ts'
import { panelIsThere, whenPanelReady } from './panel.ts'
import { testClock } from './test-ships.ts'

/** Lets go on what waits for a look that has answered. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A panel that is there from the beginning, or comes when a test says so. */
function panel({ there }: { there: boolean }) {
  const clock = testClock()
  const seen = { there, looks: 0, ready: 0 }
  const end = whenPanelReady(
    () => (seen.ready += 1),
    () => {
      seen.looks += 1
      return Promise.resolve(seen.there)
    },
    clock,
  )
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      await settled()
      clock.pass(1_000)
    }
    await settled()
  }
  return { seen, pass, end }
}

test('with a panel there, the icon is made once, and nobody looks again', async () => {
  const { seen, pass } = panel({ there: true })
  await pass(10)
  expect(seen).toMatchObject({ looks: 1, ready: 1 })
})

test('with no panel the icon is made nevertheless, and anew when one comes', async () => {
  const { seen, pass } = panel({ there: false })
  await pass(5)
  expect(seen.ready).toBe(1)
  seen.there = true
  await pass(1)
  expect(seen.ready).toBe(2)
  const { looks } = seen
  await pass(10)
  expect(seen).toMatchObject({ looks, ready: 2 })
})

test('gives up looking after two minutes', async () => {
  const { seen, pass } = panel({ there: false })
  await pass(300)
  expect(seen).toMatchObject({ looks: 120, ready: 1 })
})

test('looks no more once it was ended', async () => {
  const { seen, pass, end } = panel({ there: false })
  await pass(2)
  const { looks } = seen
  end()
  seen.there = true
  await pass(5)
  expect(seen).toMatchObject({ looks, ready: 1 })
})

let bus: SessionBus | null = null
afterEach(async () => {
  delete process.env['DBUS_SESSION_BUS_ADDRESS']
  await bus?.end()
  bus = null
})

test.runIf(process.platform === 'linux')('sees on a real bus whether there is a panel', async () => {
  bus = await startSessionBus()
  process.env['DBUS_SESSION_BUS_ADDRESS'] = bus.address
  expect(await panelIsThere()).toBe(false)
  const desk = await startFakeDesk(bus.address)
  expect(await panelIsThere()).toBe(true)
  desk.close()
})

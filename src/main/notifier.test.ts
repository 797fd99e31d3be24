import { expect, test } from 'vitest'
import type { Notification } from '../../helper/api/incidents.ts'
import { bodyFor } from './notification-text.ts'
import { Notifier } from './notifier.ts'

const notification = (id: string): Notification => ({
  id,
  kind: 'failed',
  title: 'web failed',
  body: 'exited with code 7 after 3 s',
  ship: 'web',
  time: '2026-11-22T10:00:00.000Z',
})

/** A helper with notifications to be told, and a desktop that shows them. */
function world() {
  const log: string[] = []
  const due: Notification[] = []
  const timers = new Map<() => void, number>()
  const shown = new Map<string, () => void>()
  let nextInMs: number | null = null
  let fault: Error | null = null
  const notifier = new Notifier({
    claim: async () => {
      log.push('claim')
      if (fault) throw fault
      return { notifications: due.splice(0), nextInMs }
    },
    confirm: async (id) => void log.push(`confirm ${id}`),
    show: ({ id }, done) => {
      log.push(`show ${id}`)
      shown.set(id, done)
    },
    later: (ms, wake) => {
      timers.set(wake, ms)
      return () => timers.delete(wake)
    },
    onError: (error) => log.push(String(error)),
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    log,
    due,
    timers,
    shown,
    notifier,
    settle,
    later: (ms: number | null) => (nextInMs = ms),
    breaks: (error: Error | null) => (fault = error),
  }
}

test('what is claimed is shown, and confirmed once the desktop has it', async () => {
  const { notifier, due, log, shown, settle } = world()
  due.push(notification('1'))
  notifier.ask()
  await settle()
  expect(log).toEqual(['claim', 'show 1'])
  shown.get('1')!()
  await settle()
  expect(log).toEqual(['claim', 'show 1', 'confirm 1'])
})

test('what the desktop does not take is not confirmed: the helper takes over', async () => {
  const { notifier, due, log, settle } = world()
  due.push(notification('1'))
  notifier.ask()
  await settle()
  expect(log).not.toContain('confirm 1')
})

test('events that come while it asks make it ask once more, not once each', async () => {
  const { notifier, log, settle } = world()
  for (let n = 0; n < 10; n += 1) notifier.ask()
  await settle()
  expect(log).toEqual(['claim', 'claim'])
})

test('what is held back is asked for when it is due', async () => {
  const { notifier, log, timers, later, settle } = world()
  later(1_500)
  notifier.ask()
  await settle()
  expect([...timers.values()]).toEqual([1_500])
  later(null)
  for (const wake of timers.keys()) wake()
  await settle()
  expect(log).toEqual(['claim', 'claim'])
  expect(timers.size).toBe(0)
})

test('a newer reply says when something is due, an older one no more', async () => {
  const { notifier, timers, later, settle } = world()
  later(1_500)
  notifier.ask()
  await settle()
  later(300)
  notifier.ask()
  await settle()
  expect([...timers.values()]).toEqual([300])
})

test('after a fault it asks again when there is a reason to', async () => {
  const { notifier, due, log, breaks, settle } = world()
  breaks(new Error('away'))
  notifier.ask()
  await settle()
  breaks(null)
  due.push(notification('1'))
  notifier.ask()
  await settle()
  expect(log).toEqual(['claim', 'Error: away', 'claim', 'show 1'])
})

test('what a ship wrote is no markup on a Linux desktop', () => {
  expect(bodyFor('linux', '<a href="x">&amp;</a>')).toBe('&lt;a href="x"&gt;&amp;amp;&lt;/a&gt;')
  expect(bodyFor('darwin', '<b>&')).toBe('<b>&')
})

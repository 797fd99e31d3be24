import pico from 'picocolors'
import { expect, test } from 'vitest'
import { monitorLines } from './monitor-lines.ts'
import { someShip, stopped } from './testing/fake-helper.ts'

const colors = pico.createColors(false)
const nowMs = Date.parse('2026-11-22T10:01:01.000Z')
const helper = { version: '1.2.3', pid: 42, startedAt: '2026-11-22T09:01:01.000Z' }
const ships = [
  someShip('web'),
  someShip('job', { ...stopped, exitCode: 0 }),
  someShip('bad', { ...stopped, status: 'failed', reason: 'no such program: /no/such' }),
]

test('shows the helper and every ship, by name', () => {
  expect(monitorLines({ helper, ships, waiting: false, nowMs }, { width: Infinity, height: Infinity }, colors)).toEqual(
    [
      'keelan 1.2.3: helper 42 up 1h 0m; 1 running, 1 failed, 1 stopped',
      '',
      'NAME  STATUS   HEALTH    PID  UPTIME  RESTARTS  EXIT  STATE',
      'bad   failed   -           -       -         0     -  no such program: /no/such',
      'job   stopped  -           -       -         0     0',
      'web   running  unknown  4711   1m 1s         0     -',
    ],
  )
})

test('in a small terminal, keeps to its size and shows first what is in trouble', () => {
  const lines = monitorLines({ helper, ships, waiting: false, nowMs }, { width: 30, height: 5 }, colors)
  expect(lines).toHaveLength(5)
  expect(lines.every((line) => line.length <= 30)).toBe(true)
  expect(lines[3]).toMatch(/^bad/)
  expect(lines[4]).toBe('… and 2 more')
})

test('says when the helper is away', () => {
  const [heading] = monitorLines({ helper, ships, waiting: true, nowMs }, { width: 80, height: 24 }, colors)
  expect(heading).toBe('The helper is away; waiting for it. The ships go on without it.')
})

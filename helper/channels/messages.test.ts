import { expect, test } from 'vitest'
import type { ToldIncident } from '../api/records.ts'
import type { Ship } from '../api/ship.ts'
import { notificationOf } from './messages.ts'
import type { Subject } from './plan.ts'
import { incidentOf, noticeOf } from './testing/notices.ts'

const nowMs = 1_000_000

const ship = (change: Partial<Record<keyof Ship, unknown>>) =>
  ({ name: 'web', wish: 'up', ...change }) as unknown as Ship
const running = ship({ status: 'running' })
const facts = (of: Ship | null = running, logLines: string[] = []) => ({ id: 'm1', nowMs, ship: () => of, logLines })

const subject = (tells: Subject['tells'], change: Partial<ToldIncident> = {}): Subject => {
  const incident = incidentOf(change)
  return { incident, tells, notices: [noticeOf({ incident })] }
}
const closed = { atMs: nowMs + 180_000, outcome: 'recovered' } as const

test.each<[string, Ship | null, Partial<ToldIncident>, string]>([
  ['runs again', running, {}, 'exited with code 7 after 3 s; it was started again'],
  [
    'waits',
    ship({ status: 'backoff', nextStartAt: new Date(nowMs + 2_400).toISOString() }),
    {},
    'exited with code 7 after 3 s; starts again in 2 s',
  ],
  [
    'was given up',
    ship({ status: 'failed', reason: 'gave up: ended 6 times within 1 min; the last one exited with code 7' }),
    { failures: 6 },
    'exited with code 7 after 3 s, and 5 times more; gave up: ended 6 times within 1 min',
  ],
  [
    'is not to be restarted',
    ship({ status: 'failed', reason: 'exited with code 7, and restart is "no"' }),
    {},
    'exited with code 7 after 3 s; it is not started again',
  ],
  [
    'was stopped since',
    ship({ status: 'stopped' }),
    { closed: { atMs: 1, outcome: 'stopped' } },
    'exited with code 7 after 3 s; it is stopped now',
  ],
  [
    'was started since',
    running,
    { closed: { atMs: 1, outcome: 'started' }, failures: 2 },
    'exited with code 7 after 3 s, and once more; it was started since',
  ],
  ['was removed since', null, {}, 'exited with code 7 after 3 s; it was removed since'],
])('of a failure of a ship that %s', (_, state, change, first) => {
  const draft = { kind: 'failed', subject: subject('failed', change) } as const
  expect(notificationOf(draft, facts(state, ['one', 'two']))).toEqual({
    id: 'm1',
    kind: 'failed',
    title: 'web failed',
    body: `${first}\none\ntwo`,
    ship: state === null ? null : 'web',
    time: '1970-01-01T00:16:40.000Z',
  })
})

test('a recovery says after what', () => {
  const told = notificationOf({ kind: 'recovered', subject: subject('recovered', { closed, failures: 14 }) }, facts())
  expect(told).toMatchObject({ title: 'web is running again', body: 'after 14 restarts, 3 min', ship: 'web' })
})

test('a failure that is over already is told with its recovery', () => {
  const draft = { kind: 'recovered', subject: subject('both', { closed }) } as const
  expect(notificationOf(draft, facts(running, ['why']))).toMatchObject({
    title: 'web failed and is running again',
    body: 'exited with code 7 after 3 s; after 1 restart, 3 min\nwhy',
  })
  const ended = ship({ status: 'stopped', exitCode: 0 })
  expect(notificationOf(draft, facts(ended)).title).toBe('web failed and has ended well')
})

test('a summary has a line for each of the newest, and the names of the others', () => {
  const subjects = Array.from({ length: 8 }, (_, index) => subject('failed', { id: index, ship: `ship${index}` }))
  const told = notificationOf({ kind: 'summary', subjects: [...subjects, subject('recovered', { closed })] }, facts())
  expect(told).toMatchObject({ kind: 'summary', title: '8 ships failed, 1 recovered', ship: null })
  const lines = told.body.split('\n')
  expect(lines).toHaveLength(7)
  expect(lines[0]).toBe('ship3 failed (exited with code 7 after 3 s); it was started again')
  expect(lines[5]).toBe('web is running again, after 1 restart, 3 min')
  expect(lines[6]).toBe('and before: ship0, ship1, ship2')
})

test('a summary of one ship leads to it', () => {
  const subjects = [subject('failed', { id: 1 }), subject('failed', { id: 2 })]
  expect(notificationOf({ kind: 'summary', subjects }, facts())).toMatchObject({ title: '1 ship failed', ship: 'web' })
  const back = subjects.map((one) => ({ ...one, tells: 'recovered' as const }))
  expect(notificationOf({ kind: 'summary', subjects: back }, facts()).title).toBe('1 ship recovered')
})

test('what was missed is said to have been', () => {
  const subjects = [subject('failed'), subject('both', { ship: 'db', closed })]
  expect(notificationOf({ kind: 'missed', subjects }, facts())).toMatchObject({
    kind: 'missed',
    title: 'While nobody could be told',
    body:
      'web failed (exited with code 7 after 3 s); it was started again\n' +
      'db failed (exited with code 7 after 3 s) and is running again',
  })
})

test('a line of a log that goes on and on is cut, between two characters', () => {
  const draft = { kind: 'failed', subject: subject('failed') } as const
  const line = notificationOf(draft, facts(running, ['x'.repeat(158) + '👍'.repeat(9)])).body.split('\n')[1]
  expect(line).toBe(`${'x'.repeat(158)}…`)
})

test('a reason that names a program of any name is one line of plain text, and not a long one', () => {
  const reason = `no such program: /srv/\u001b[31mred\u0007\nand more\u202e${'x'.repeat(5_000)}`
  const draft = { kind: 'failed', subject: subject('failed', { reason }) } as const
  const { body } = notificationOf(draft, facts())
  expect(body).toMatch(/^no such program: \/srv\/red and morex+…; it was started again$/)
  expect(body.length).toBeLessThan(200)
})

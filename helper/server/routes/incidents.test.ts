import { expect, test } from 'vitest'
import type { Incident } from '../../api/incidents.ts'
import { testServer } from '../test-server.ts'

const incident = (id: number, change: Partial<Incident> = {}): Incident => ({
  id,
  ship: 'web',
  openedAt: '2026-11-22T10:00:00.000Z',
  closedAt: null,
  outcome: null,
  failures: 1,
  reason: 'exited with code 7 after 3 s',
  lastReason: 'exited with code 7 after 3 s',
  ...change,
})
const over = { closedAt: '2026-11-22T10:01:00.000Z', outcome: 'recovered' } as const

test.each([
  ['', [3, 2, 1]],
  ['?ship=web', [3, 1]],
  ['?open=true', [3]],
  ['?open=false', [2, 1]],
  ['?limit=1', [3]],
  ['?limit=1&before=3', [2]],
])('/v1/incidents%s gives the newest first', async (query, ids) => {
  const { send, services } = await testServer()
  services.opened.push(incident(1, over), incident(2, { ship: 'worker', ...over }), incident(3))
  const { json } = await send(`/v1/incidents${query}`)
  expect(json.incidents.map(({ id }: Incident) => id)).toEqual(ids)
})

test('a name that no ship can have is refused', async () => {
  const { send } = await testServer()
  expect((await send('/v1/incidents?ship=No')).json).toMatchObject({ code: 'INVALID_REQUEST' })
})

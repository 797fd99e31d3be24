import { expect, test } from 'vitest'
import { defaultSettings } from '../../api/settings.ts'
import { testServer } from '../test-server.ts'

const headers = { 'content-type': 'application/json' }

test('changes what is given, leaves the rest, and replies with all', async () => {
  const { send } = await testServer()
  expect((await send('/v1/settings')).json).toEqual(defaultSettings)
  const body = JSON.stringify({ theme: 'dark', quietHours: { from: '22:00', to: '07:00' } })
  const changed = { ...defaultSettings, theme: 'dark', quietHours: { from: '22:00', to: '07:00' } }
  expect((await send('/v1/settings', { method: 'PUT', headers, body })).json).toEqual(changed)
  expect((await send('/v1/settings')).json).toEqual(changed)
})

test.each([
  [{ theme: 'pink' }, 'theme'],
  [{ quietHours: { from: '25:00', to: '07:00' } }, 'quietHours.from'],
  [{ intervalSeconds: 0 }, 'intervalSeconds'],
  [{ mutedShips: ['No Name'] }, 'mutedShips'],
  [{ more: true }, 'more'],
])('%j is refused, and changes nothing', async (body, named) => {
  const { send } = await testServer()
  const { status, json } = await send('/v1/settings', { method: 'PUT', headers, body: JSON.stringify(body) })
  expect(status).toBe(400)
  expect(json.code).toBe('INVALID_REQUEST')
  expect(json.message).toContain(named)
  expect((await send('/v1/settings')).json).toEqual(defaultSettings)
})

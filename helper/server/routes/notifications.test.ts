import { expect, test } from 'vitest'
import { testServer } from '../test-server.ts'

const post = (body: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

test('what one claims and confirms, no other gets', async () => {
  const { send } = await testServer()
  expect((await send('/v1/notifications/test', post({}))).json).toEqual({})
  const { json } = await send('/v1/notifications/claim', post({ holder: 'app', leaseMs: 5_000 }))
  expect(json).toMatchObject({ notifications: [{ kind: 'test', ship: null }], nextInMs: null })
  expect((await send('/v1/notifications/claim', post({ holder: 'other', leaseMs: 5_000 }))).json).toMatchObject({
    notifications: [],
  })
  const told = `/v1/notifications/${json.notifications[0].id}/told`
  expect((await send(told, post({ holder: 'other' }))).json).toEqual({ confirmed: false })
  expect((await send(told, post({ holder: 'app' }))).json).toEqual({ confirmed: true })
  expect((await send(told, post({ holder: 'app' }))).json).toEqual({ confirmed: false })
})

test.each([
  ['/v1/notifications/claim', { holder: '', leaseMs: 5_000 }],
  ['/v1/notifications/claim', { holder: 'app', leaseMs: 100 }],
  ['/v1/notifications/claim', { holder: 'app', leaseMs: 90_000 }],
  ['/v1/notifications/claim', { holder: 'app' }],
  ['/v1/notifications/x/told', {}],
])('%s with %j is refused', async (path, body) => {
  const { send } = await testServer()
  expect(await send(path, post(body))).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } })
})

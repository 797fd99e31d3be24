import { expect, test } from 'vitest'
import type { Handlers } from './register.ts'
import { testServer } from './test-server.ts'

const handlers = {} as Handlers

test('a route without a handler, or with one of another shape, does not compile', () => {
  const others: Omit<Handlers, 'readLog'> = handlers
  // @ts-expect-error readLog is missing
  const missing: Handlers = others
  // @ts-expect-error a ship is not a number
  const another: Handlers['startShip'] = async () => 1
  // @ts-expect-error it takes no such parameter
  const asking: Handlers['startShip'] = ({ params }) => handlers.startShip({ params: { id: params.id } })
  expect([missing, another, asking]).toHaveLength(3)
})

test('a reply that is not what the contract says is a bug', async () => {
  const { send, services, logged } = await testServer()
  services.history.runs = async () => [{ id: 'one' } as never]
  expect((await send('/v1/ships/web/runs')).json).toMatchObject({ code: 'INTERNAL' })
  expect(logged).toEqual([expect.stringMatching(/runs/)])
})

test('a fault in the middle of a stream cuts it short, so that it is not taken for complete', async () => {
  const { send, services, logged } = await testServer()
  services.history.lastEvents = () => Promise.reject(new Error('the disk is gone'))
  await expect(send('/v1/events?last=3')).rejects.toThrow('aborted')
  expect(logged).toEqual([expect.stringContaining('the disk is gone')])
  expect((await send('/v1/ships')).status).toBe(200)
})

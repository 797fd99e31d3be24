import { expect, test } from 'vitest'
import { inOrder } from './order.ts'
import { ships } from './test-ships.ts'

const names = (...given: Parameters<typeof inOrder>): string[] => inOrder(...given).map(({ name }) => name)

const mixed = [
  ...ships('stopped', 'idle'),
  ...ships('running', 'web', 'db'),
  ...ships('backoff', 'mail'),
  ...ships('starting', 'queue'),
  ...ships('unhealthy', 'api'),
  ...ships('failed', 'worker', 'cron'),
]

test('puts those that failed first, then those that start, run and are stopped, each by name', () => {
  expect(names(mixed)).toEqual(['cron', 'worker', 'api', 'mail', 'queue', 'db', 'web', 'idle'])
})

test('keeps an order that was asked for, whatever has become of the ships; new ones follow', () => {
  const kept = ['web', 'cron', 'gone', 'idle']
  expect(names(mixed, kept)).toEqual(['web', 'cron', 'idle', 'worker', 'api', 'mail', 'queue', 'db'])
})

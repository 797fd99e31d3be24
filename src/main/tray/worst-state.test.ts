import { expect, test } from 'vitest'
import type { HelperState } from '../../preload/desktop.ts'
import type { Standing } from './standing.ts'
import { helperRuns, ships } from './test-ships.ts'
import { worstState } from './worst-state.ts'

const of = (...standings: Standing[]): string =>
  worstState(
    standings.flatMap((standing, at) => ships(standing, `ship-${at}`)),
    helperRuns,
  )

test('all is well without ships, and with ships that run or are stopped', () => {
  expect(of()).toBe('well')
  expect(of('running', 'stopped')).toBe('well')
})

test('one ship that starts, stops or waits for its next start shows', () => {
  for (const standing of ['starting', 'stopping', 'backoff'] as const) {
    expect(of('running', standing, 'stopped')).toBe('starting')
  }
})

test('one ship that failed or is unhealthy counts more than all others', () => {
  expect(of('running', 'starting', 'failed', 'backoff')).toBe('failed')
  expect(of('starting', 'unhealthy', 'running')).toBe('failed')
})

test.each<[HelperState, string]>([
  [{ state: 'away' }, 'away'],
  [{ state: 'stopped' }, 'away'],
  [{ state: 'gave-up', message: 'it ended 5 times' }, 'away'],
  [{ state: 'starting' }, 'starting'],
])('with the helper %j, the icon is "%s", however the ships were', (helper, icon) => {
  expect(worstState(ships('failed', 'web'), helper)).toBe(icon)
  expect(worstState(ships('running', 'web'), helper)).toBe(icon)
})

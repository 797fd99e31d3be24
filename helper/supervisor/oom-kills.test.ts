import { expect, test } from 'vitest'
import { OomKills } from './oom-kills.ts'

function machine(count: number | null) {
  const state = { count }
  return { state, kills: new OomKills(() => state.count) }
}

test('what was killed before the helper started explains nothing', () => {
  const { kills } = machine(5)
  expect(kills.explainsDeath()).toBe(false)
})

test('each kill explains one death', () => {
  const { state, kills } = machine(5)
  state.count = 7
  expect([1, 2, 3].map(() => kills.explainsDeath())).toEqual([true, true, false])
  state.count = 8
  expect(kills.explainsDeath()).toBe(true)
})

test('a kill that is long past explains nothing, one right before a look still does', () => {
  const { state, kills } = machine(0)
  state.count = 1
  kills.forgetOld()
  state.count = 2
  kills.forgetOld()
  expect([1, 2].map(() => kills.explainsDeath())).toEqual([true, false])
  kills.forgetOld()
  kills.forgetOld()
  expect(kills.explainsDeath()).toBe(false)
})

test('says nothing where the system does not count', () => {
  const { state, kills } = machine(null)
  expect(kills.explainsDeath()).toBe(false)
  kills.forgetOld()
  state.count = 3
  expect(kills.explainsDeath()).toBe(false)
})

test.skipIf(process.platform !== 'linux')('reads the counter of this machine', () => {
  const kills = new OomKills()
  kills.forgetOld()
  expect(kills.explainsDeath()).toBe(false)
})

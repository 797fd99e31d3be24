import { expect, test } from 'vitest'
import { asJson, asTable, median, quantile } from './figure.ts'

test('the median of an even number of samples lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([3, 1, 2])).toBe(2)
})

test('quantiles reach from the smallest sample to the largest', () => {
  expect([0, 0.05, 0.95, 1].map((share) => quantile([5, 15, 25], share))).toEqual([5, 6, 24, 25])
})

test('a table says whether the aim is met, and how many times the other it is', () => {
  const against = [{ name: 'runit', samples: [4] }]
  const table = asTable([
    { name: 'restart', unit: 'ms', samples: [1, 2, 3], aim: 2.5, against },
    { name: 'memory', unit: 'MB', samples: [77], aim: 60 },
  ])
  expect(table).toContain('< 2.5 ms: met')
  expect(table).toContain('0.50x runit')
  expect(table).toContain('< 60 MB: missed')
})

test('as JSON a figure has its samples, and null where there is no aim', () => {
  expect(asJson([{ name: 'start', unit: 's', samples: [1] }])).toMatchObject([{ aim: null, met: null, samples: [1] }])
})

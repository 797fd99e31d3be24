import { expect, test } from 'vitest'
import { CpuMeter } from './cpu-meter.ts'
import type { ProcessRow } from './process-table.ts'
import { shipTrees } from './ship-trees.ts'
import { row, shipOf } from './testing/rows.ts'

/** Reads the processes of `web`, whose shim is 10, every 2 s: the percentages. */
function percents(readings: ProcessRow[][], isForeign: (row: ProcessRow) => boolean = () => false): number[] {
  const meter = new CpuMeter(2)
  return readings.map((rows, n) => {
    const trees = shipTrees(rows, [shipOf('web', 10)], isForeign)
    return meter.read(trees, { ms: 5_000 + n * 2_000, bootTicks: 10_000 + n * 200 }).get('web') ?? NaN
  })
}

const shim = (childTicks = 0): ProcessRow => row(10, 1, { childTicks })

test('is what was used between two readings, of one core; 0 at the first', () => {
  const at = (ownTicks: number) => [shim(), row(11, 10, { ownTicks })]
  expect(percents([at(5_000), at(5_100), at(5_100), at(5_500)])).toEqual([0, 50, 0, 200])
})

test('takes in all processes, and new ones whole', () => {
  const first = [shim(), row(11, 10, { ownTicks: 100 })]
  const second = [shim(), row(11, 10, { ownTicks: 120 }), row(12, 11, { startTicks: 10_050, ownTicks: 80 })]
  expect(percents([first, second])).toEqual([0, 50])
})

test('what a process used that has ended since is not lost, and what it had used before not counted again', () => {
  const first = [shim(), row(11, 10), row(12, 11, { ownTicks: 90_000, childTicks: 10_000 })]
  const second = [shim(), row(11, 10, { childTicks: 100_060 })]
  expect(percents([first, second, second])).toEqual([0, 30, 0])
})

test('counts processes too short-lived to be seen, left to the shim as well', () => {
  const first = [shim(400), row(11, 10, { childTicks: 50 })]
  const second = [shim(440), row(11, 10, { childTicks: 90 })]
  expect(percents([first, second])).toEqual([0, 40])
})

test('is never negative when a parent does not wait for its children: the living ones count', () => {
  const first = [shim(), row(11, 10, { ownTicks: 10 }), row(12, 11, { ownTicks: 5_000 })]
  const second = [shim(), row(11, 10, { ownTicks: 30 })]
  expect(percents([first, second])).toEqual([0, 10])
})

test('is never huge when a process ended in the middle of a reading', () => {
  const whole = [shim(), row(11, 10, { ownTicks: 10 }), row(12, 11, { ownTicks: 5_000 })]
  // The parent was read before it waited, the child was not there any more.
  const torn = [shim(), row(11, 10, { ownTicks: 20 })]
  const after = [shim(), row(11, 10, { ownTicks: 40, childTicks: 5_010 })]
  expect(percents([whole, torn, after])).toEqual([0, 5, 10])
})

test('a helper started by the ship does not count, also not when it ends after years', () => {
  const isForeign = ({ pid }: ProcessRow): boolean => pid === 12
  const first = [shim(), row(11, 10), row(12, 11, { ownTicks: 150 })]
  const second = [shim(), row(11, 10, { ownTicks: 20 }), row(12, 10, { ownTicks: 300 })]
  const third = [shim(300), row(11, 10, { ownTicks: 40 })]
  expect(percents([first, second, third], isForeign)).toEqual([0, 10, 10])
})

test('a ship that was started since has all that it used; one that is only now looked at has not', () => {
  const meter = new CpuMeter(2)
  meter.read([], { ms: 5_000, bootTicks: 500 })
  const rows = [
    row(10, 1, { startTicks: 520 }),
    row(11, 10, { startTicks: 520, ownTicks: 30 }),
    row(20, 1, { startTicks: 3, childTicks: 700 }),
    row(21, 20, { startTicks: 4, ownTicks: 9_000 }),
  ]
  const ships = [
    shipOf('new', 10, { shim: { pid: 10, startTime: '520' } }),
    shipOf('old', 20, { shim: { pid: 20, startTime: '3' } }),
  ]
  const trees = shipTrees(rows, ships, () => false)
  expect([...meter.read(trees, { ms: 6_000, bootTicks: 600 })]).toEqual([
    ['new', 30],
    ['old', 0],
  ])
})

test('a reading at the very same moment gives no nonsense', () => {
  const meter = new CpuMeter(2)
  const trees = shipTrees([shim(), row(11, 10, { ownTicks: 5 })], [shipOf('web', 10)], () => false)
  const at = { ms: 1, bootTicks: 1 }
  meter.read(trees, at)
  expect(meter.read(trees, at).get('web')).toBe(0)
})

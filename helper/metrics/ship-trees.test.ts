import { expect, test } from 'vitest'
import { shipTrees } from './ship-trees.ts'
import { row, shipOf } from './testing/rows.ts'

const pids = (rows: readonly { pid: number }[]): number[] => rows.map(({ pid }) => pid).sort((a, b) => a - b)
const nobody = (): boolean => false

test('a ship is all that descends from its shim, in whatever order the processes come, but not the shim', () => {
  const rows = [row(30, 20), row(1, 0), row(20, 10), row(21, 10), row(10, 5), row(5, 1), row(99, 5)]
  const [tree] = shipTrees(rows, [shipOf('web', 10)], nobody)
  expect(tree?.shim?.pid).toBe(10)
  expect(pids(tree?.processes ?? [])).toEqual([20, 21, 30])
})

test('a helper that a ship started is no part of it, nor is anything below that; its own ships are ships', () => {
  const rows = [row(10, 1), row(11, 10), row(12, 11), row(13, 12), row(14, 13), row(15, 12)]
  const trees = shipTrees(rows, [shipOf('outer', 10), shipOf('inner', 13)], ({ pid }) => pid === 12)
  expect(trees.map(({ name, processes, foreign }) => [name, pids(processes), pids(foreign)])).toEqual([
    ['outer', [11], [12]],
    ['inner', [14], []],
  ])
})

test('is told which shim a process seems to belong to when it is asked whether it is foreign', () => {
  const asked: [number, string][] = []
  shipTrees([row(10, 1), row(11, 10)], [shipOf('web', 10)], ({ pid }, shimId) => asked.push([pid, shimId]) < 0)
  expect(asked).toEqual([[11, 'id-web']])
})

test('without its shim a ship is its own process and what descends from that', () => {
  const ship = shipOf('web', 10, { main: { pid: 11, startTime: '7' } })
  const rows = [row(11, 1, { startTicks: 7 }), row(12, 11), row(13, 1)]
  const [tree] = shipTrees(rows, [ship], nobody)
  expect(tree?.shim).toBeNull()
  expect(pids(tree?.processes ?? [])).toEqual([11, 12])
})

test('a pid that somebody else has by now is nobody of the ship', () => {
  const ship = shipOf('web', 10, { main: { pid: 11, startTime: '7' } })
  const rows = [row(10, 1, { startTicks: 500 }), row(11, 1, { startTicks: 501 }), row(12, 10)]
  expect(shipTrees(rows, [ship], nobody)).toEqual([])
})

test('a circle, as a pid used again while the table was read may make one, is of no ship', () => {
  const [tree] = shipTrees([row(10, 1), row(20, 21), row(21, 20)], [shipOf('web', 10)], nobody)
  expect(tree?.processes).toEqual([])
})

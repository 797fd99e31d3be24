import { expect, test } from 'vitest'
import { extended, isSelected, type LineSelection, rangeOf, select } from './line-selection.ts'

const lines = Array.from({ length: 5 }, (_, i) => ({
  offset: i * 10,
  end: i * 10 + 10,
  length: 9,
  text: '',
  bytes: null,
  time: null,
  exact: true,
}))
const at = (index: number) => lines[index]!
const selected = (selection: LineSelection | null) =>
  lines.filter((line) => isSelected(selection, line)).map((line) => line.offset)

test('selects a line, and all lines up to another, either way', () => {
  const one = select(null, at(2), false)
  expect(selected(one)).toEqual([20])
  expect(selected(select(one, at(4), true))).toEqual([20, 30, 40])
  expect(selected(select(select(one, at(4), true), at(0), true))).toEqual([0, 10, 20])
  expect(rangeOf(select(one, at(0), true))).toEqual({ from: 0, to: 30 })
  expect(selected(select(one, at(4), false))).toEqual([40])
  expect(selected(null)).toEqual([])
})

test('grows and shrinks line by line', () => {
  const one = extended(null, lines, 1, at(1))
  expect(selected(one)).toEqual([10])
  const two = extended(one, lines, 1, at(1))
  expect(selected(two)).toEqual([10, 20])
  expect(selected(extended(two, lines, -1, at(1)))).toEqual([10])
  expect(selected(extended(one, lines, -1, at(1)))).toEqual([0, 10])
})

test('stays as it is where there is no further line', () => {
  const last = select(null, at(4), false)
  expect(extended(last, lines, 1, at(0))).toBe(last)
  expect(extended(last, lines.slice(0, 2), -1, at(0))).toBe(last)
})

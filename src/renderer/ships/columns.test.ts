import { expect, test } from 'vitest'
import { columnsFor } from './columns.ts'

/** px that the columns of a fixed width leave, the one with the checkboxes among them. */
function left(width: number): number {
  const taken = columnsFor(width).map((column) => (typeof column.width === 'number' ? column.width : 0))
  return width - 38 - taken.reduce((sum, one) => sum + one, 0)
}

test('a table narrower than a screen leaves out columns rather than cut names and commands short', () => {
  for (let width = 520; width <= 1_600; width += 1) expect(left(width), `${width} px`).toBeGreaterThan(190)
})

test('the widest shows all, with a command beside its name', () => {
  expect(columnsFor(1_200).map(({ id }) => id)).toContain('command')
  expect(left(1_100)).toBeGreaterThan(400)
})

test('the narrowest still shows the ship, its state and what can be done', () => {
  expect(columnsFor(300).map(({ id }) => id)).toEqual(['name', 'status', 'actions'])
})

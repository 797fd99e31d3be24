import { expect, test } from 'vitest'
import type { Run } from '../../../helper/api/ship.ts'
import { marksOfLines, runMarks } from './run-marks.ts'

const run = (id: number, logPosition: string | null) => ({ id, logPosition }) as Run
const line = (offset: number) => ({
  offset,
  end: offset + 10,
  length: 9,
  text: '',
  bytes: null,
  time: null,
  exact: true,
})

test('knows where the runs of this log began, and which was before each', () => {
  const marks = runMarks([run(4, '2:50'), run(3, '2:0'), run(2, '1:700'), run(1, null)], 2)
  expect(marks.map(({ run: { id }, before, offset }) => [id, before?.id, offset])).toEqual([
    [3, 2, 0],
    [4, 3, 50],
  ])
})

test('puts each run above the first line that it wrote', () => {
  const lines = [20, 30, 40, 50].map(line)
  const marks = runMarks(
    [run(6, '1:60'), run(5, '1:40'), run(4, '1:40'), run(3, '1:35'), run(2, '1:20'), run(1, '1:5')],
    1,
  )
  const ids = [...marksOfLines(marks, lines)].map(([offset, found]) => [offset, found.map((mark) => mark.run.id)])
  expect(ids).toEqual([
    [20, [2]],
    [40, [3, 4, 5]],
  ])
})

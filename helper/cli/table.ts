import { cutTo, widthOf } from './text-width.ts'

export interface Column {
  readonly title: string
  /** Numbers stand at the right. */
  readonly right?: true
}

/**
 * Lines of an aligned table, the titles first, cut where the terminal ends (`width` in columns; 0 and none
 * mean that it does not say: serial lines and some recorders give 0). Cells may hold colour codes.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = Infinity,
): string[] {
  const all = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, index) => Math.max(...all.map((row) => widthOf(row[index] ?? ''))))
  return all.map((row) => {
    const cells = columns.map(({ right }, index) => {
      const cell = row[index] ?? ''
      const blanks = ' '.repeat(widths[index]! - widthOf(cell))
      return right ? blanks + cell : cell + blanks
    })
    return cutTo(cells.join('  ').trimEnd(), width || Infinity)
  })
}

import type { SortKey } from './ship-list.ts'

export interface ColumnDefinition {
  readonly id: SortKey | 'actions'
  readonly title: string
  /** px; `flexible` takes what is left. */
  readonly width: number | 'flexible'
  /** Narrower tables, in px, leave it out; it stays on the ship's own page. */
  readonly from: number
  readonly isNumber?: boolean
}

const columns: readonly ColumnDefinition[] = [
  { id: 'name', title: 'Ship', width: 'flexible', from: 0 },
  { id: 'status', title: 'Status', width: 118, from: 0 },
  { id: 'health', title: 'Health', width: 66, from: 760 },
  { id: 'uptime', title: 'Uptime', width: 94, from: 520 },
  { id: 'restarts', title: 'Restarts', width: 80, from: 700, isNumber: true },
  { id: 'cpu', title: 'CPU', width: 68, from: 560, isNumber: true },
  { id: 'memory', title: 'Memory', width: 78, from: 560, isNumber: true },
  { id: 'exit', title: 'Last exit', width: 78, from: 640 },
  { id: 'command', title: 'Command', width: 'flexible', from: 1_080 },
  { id: 'actions', title: 'Actions', width: 68, from: 0 },
]

/** The columns that a table of this width in px has room for. */
export function columnsFor(width: number): readonly ColumnDefinition[] {
  return columns.filter(({ from }) => width >= from)
}

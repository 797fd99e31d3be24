import type { SortKey } from './ship-list.ts'

export interface ColumnDefinition {
  readonly id: SortKey | 'actions'
  readonly title: string
  /** px, or a share of what is left. */
  readonly width: number | `${number}fr`
  /** Narrower tables, in px, leave it out, so that names and commands keep some 200 px; it stays on the ship's own page. */
  readonly from: number
  readonly isNumber?: boolean
}

const columns: readonly ColumnDefinition[] = [
  { id: 'name', title: 'Ship', width: '1fr', from: 0 },
  { id: 'status', title: 'Status', width: 116, from: 0 },
  { id: 'health', title: 'Health', width: 70, from: 880 },
  { id: 'uptime', title: 'Uptime', width: 92, from: 520 },
  { id: 'restarts', title: 'Restarts', width: 80, from: 810, isNumber: true },
  { id: 'cpu', title: 'CPU', width: 64, from: 660, isNumber: true },
  { id: 'memory', title: 'Memory', width: 78, from: 660, isNumber: true },
  { id: 'exit', title: 'Last exit', width: 78, from: 730 },
  { id: 'command', title: 'Command', width: '2fr', from: 1_100 },
  { id: 'actions', title: 'Actions', width: 68, from: 0 },
]

/** The columns that a table of this width in px has room for. */
export function columnsFor(width: number): readonly ColumnDefinition[] {
  return columns.filter(({ from }) => width >= from)
}

import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Cell as AriaCell,
  Collection,
  Column as AriaColumn,
  Row as AriaRow,
  TableHeader as AriaTableHeader,
  Table as AriaTable,
  useTableOptions,
} from 'react-aria-components'
import type {
  CellProps as AriaCellProps,
  ColumnProps as AriaColumnProps,
  RowProps as AriaRowProps,
  TableHeaderProps as AriaTableHeaderProps,
  TableProps as AriaTableProps,
} from 'react-aria-components'
import { Checkbox } from './checkbox.tsx'
import { cx } from './classes.ts'
import styles from './table.module.css'

/** px */
export const headerHeight = 32

/** react-aria's table, styled; with `Column`, `Row` and `Cell` from here, and `TableBody` from there. */
export function Table({ className, ...props }: Omit<AriaTableProps, 'className'> & { readonly className?: string }) {
  return <AriaTable {...props} className={cx(styles['table'], className)} />
}

/** With `selectionMode="multiple"` the first column selects. */
export function TableHeader<T extends object>({
  columns,
  children,
  dependencies,
}: Pick<AriaTableHeaderProps<T>, 'columns' | 'children' | 'dependencies'>) {
  const { selectionMode, selectionBehavior } = useTableOptions()
  return (
    <AriaTableHeader className={styles['header'] ?? ''} {...(dependencies && { dependencies })}>
      {selectionBehavior === 'toggle' && (
        <AriaColumn id="selection" width={38} minWidth={38} className={styles['column'] ?? ''} textValue="Selection">
          {selectionMode === 'multiple' && <Checkbox slot="selection" />}
        </AriaColumn>
      )}
      {columns && typeof children === 'function' ? <Collection items={columns}>{children}</Collection> : null}
    </AriaTableHeader>
  )
}

interface ColumnProps extends Omit<AriaColumnProps, 'className' | 'children'> {
  readonly title: string
  readonly isNumber?: boolean | undefined
  /** The title is read out only. */
  readonly hideTitle?: boolean
}

export function Column({ title, isNumber, hideTitle, ...props }: ColumnProps) {
  return (
    <AriaColumn {...props} textValue={title} className={cx(styles['column'], isNumber && styles['number'])}>
      {({ sortDirection }) => (
        <span className={styles['title']}>
          <span className={cx(hideTitle && styles['hidden'])}>{title}</span>
          {sortDirection === 'ascending' && <ArrowUp size={12} aria-hidden="true" />}
          {sortDirection === 'descending' && <ArrowDown size={12} aria-hidden="true" />}
        </span>
      )}
    </AriaColumn>
  )
}

interface RowProps extends Omit<AriaRowProps<object>, 'className' | 'children' | 'columns'> {
  readonly className?: string | undefined
  readonly children: ReactNode
}

export function Row({ className, children, ...props }: RowProps) {
  const { selectionBehavior } = useTableOptions()
  return (
    <AriaRow {...props} className={cx(styles['row'], className)}>
      {selectionBehavior === 'toggle' && (
        <AriaCell className={styles['cell'] ?? ''}>
          <Checkbox slot="selection" />
        </AriaCell>
      )}
      {children}
    </AriaRow>
  )
}

interface CellProps extends Omit<AriaCellProps, 'className'> {
  readonly isNumber?: boolean | undefined
}

export function Cell({ isNumber, ...props }: CellProps) {
  return <AriaCell {...props} className={cx(styles['cell'], isNumber && styles['number'])} />
}

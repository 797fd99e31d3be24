import { Search, X } from 'lucide-react'
import type { Ref } from 'react'
import { Button, Group, Input, Label, SearchField as AriaSearchField } from 'react-aria-components'
import type { SearchFieldProps as AriaSearchFieldProps } from 'react-aria-components'
import { cx } from './classes.ts'
import styles from './field.module.css'

interface Props extends Omit<AriaSearchFieldProps, 'className' | 'children' | 'style'> {
  readonly label: string
  readonly placeholder?: string
  readonly inputRef?: Ref<HTMLInputElement>
  readonly className?: string | undefined
}

/** A field to search with; Escape empties it. */
export function SearchField({ label, placeholder, inputRef, className, ...props }: Props) {
  return (
    <AriaSearchField
      {...props}
      className={({ isEmpty }) => cx(styles['field'], styles['hiddenLabel'], isEmpty && styles['empty'], className)}
    >
      <Label className={styles['label'] ?? ''}>{label}</Label>
      <Group className={styles['group'] ?? ''}>
        <span className={styles['lead']} aria-hidden="true">
          <Search size={14} />
        </span>
        <Input
          className={styles['input'] ?? ''}
          {...(inputRef && { ref: inputRef })}
          {...(placeholder !== undefined && { placeholder })}
        />
        <Button className={styles['inside'] ?? ''} aria-label="Empty the field">
          <X size={14} />
        </Button>
      </Group>
    </AriaSearchField>
  )
}

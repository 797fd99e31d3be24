import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Text,
} from 'react-aria-components'
import { cx } from './classes.ts'
import styles from './field.module.css'

interface Props<T extends string> {
  readonly label: string
  readonly hideLabel?: boolean
  readonly help?: ReactNode
  readonly options: readonly { readonly id: T; readonly title: string }[]
  readonly value: T
  readonly onChange: (value: T) => void
  readonly isDisabled?: boolean
  readonly className?: string
}

/** One of several. */
export function Select<T extends string>({
  label,
  hideLabel,
  help,
  options,
  value,
  onChange,
  isDisabled = false,
  className,
}: Props<T>) {
  return (
    <AriaSelect
      className={cx(styles['field'], hideLabel && styles['hiddenLabel'], className)}
      value={value}
      onChange={(key) => {
        const chosen = options.find(({ id }) => id === key)
        if (chosen) onChange(chosen.id)
      }}
      isDisabled={isDisabled}
    >
      <Label className={styles['label'] ?? ''}>{label}</Label>
      <Button className={styles['select'] ?? ''}>
        <SelectValue />
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      {help !== undefined && (
        <Text slot="description" className={styles['help'] ?? ''}>
          {help}
        </Text>
      )}
      <Popover className={styles['popover'] ?? ''} offset={4}>
        <ListBox className={styles['list'] ?? ''} items={options}>
          {({ id, title }) => (
            <ListBoxItem id={id} textValue={title} className={styles['option'] ?? ''}>
              {({ isSelected }) => (
                <>
                  {title}
                  {isSelected && <Check size={14} aria-hidden="true" />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}

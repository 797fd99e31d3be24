import type { ReactNode } from 'react'
import { FieldError, Input, Label, Text, TextArea, TextField as AriaTextField } from 'react-aria-components'
import type { TextFieldProps as AriaTextFieldProps } from 'react-aria-components'
import { cx } from './classes.ts'
import styles from './field.module.css'

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'children' | 'style'> {
  readonly label: string
  /** The label is read out only; what the field is for can be seen otherwise. */
  readonly hideLabel?: boolean
  readonly help?: ReactNode
  /** What is wrong, in words; marks the field as wrong. */
  readonly error?: string | undefined
  readonly placeholder?: string
  /** For commands and paths. */
  readonly mono?: boolean
  /** More than one: a field of so many lines. */
  readonly rows?: number
  readonly className?: string | undefined
}

export function TextField({
  label,
  hideLabel,
  help,
  error,
  placeholder,
  mono,
  rows,
  className,
  ...props
}: TextFieldProps) {
  const input = cx(styles['input'], mono && styles['mono'])
  const hint = placeholder === undefined ? {} : { placeholder }
  return (
    <AriaTextField
      {...props}
      isInvalid={error !== undefined}
      className={cx(styles['field'], hideLabel && styles['hiddenLabel'], className)}
    >
      <Label className={styles['label'] ?? ''}>{label}</Label>
      {rows === undefined ? (
        <Input className={input} {...hint} />
      ) : (
        <TextArea className={input} rows={rows} {...hint} />
      )}
      {help !== undefined && (
        <Text slot="description" className={styles['help'] ?? ''}>
          {help}
        </Text>
      )}
      <FieldError className={styles['error'] ?? ''}>{error}</FieldError>
    </AriaTextField>
  )
}

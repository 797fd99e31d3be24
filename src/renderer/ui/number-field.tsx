import { useState } from 'react'
import type { ReactNode } from 'react'
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components'
import { cx } from './classes.ts'
import styles from './field.module.css'

interface Props {
  readonly label: string
  readonly hideLabel?: boolean
  readonly help?: ReactNode
  readonly value: number
  /** Called with a number between the two, once the person has left the field or pressed Enter. */
  readonly onChange: (value: number) => void
  readonly minValue: number
  readonly maxValue: number
  readonly isDisabled?: boolean
  readonly className?: string | undefined
}

/**
 * A whole number. react-aria's own field empties its announcements through `innerHTML`, which Trusted Types forbid, so this
 * is the browser's.
 */
export function NumberField({
  label,
  hideLabel,
  help,
  value,
  onChange,
  minValue,
  maxValue,
  className,
  ...props
}: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const number = Number(typed ?? value)
  const isWrong = typed === '' || !Number.isInteger(number) || number < minValue || number > maxValue
  const commit = (): void => {
    if (typed === null || isWrong) return
    if (number !== value) onChange(number)
    setTyped(null)
  }
  return (
    <TextField
      {...props}
      type="number"
      value={typed ?? String(value)}
      onChange={setTyped}
      onBlur={commit}
      onKeyDown={({ key }) => key === 'Enter' && commit()}
      isInvalid={isWrong}
      className={cx(styles['field'], hideLabel && styles['hiddenLabel'], className)}
    >
      <Label className={styles['label'] ?? ''}>{label}</Label>
      <Input className={styles['input'] ?? ''} min={minValue} max={maxValue} step={1} />
      {help !== undefined && (
        <Text slot="description" className={styles['help'] ?? ''}>
          {help}
        </Text>
      )}
      <FieldError className={styles['error'] ?? ''}>
        {`A whole number from ${minValue} to ${maxValue.toLocaleString('en')}`}
      </FieldError>
    </TextField>
  )
}

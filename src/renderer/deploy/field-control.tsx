import { useId } from 'react'
import { Select } from '../ui/select.tsx'
import { cx } from '../ui/classes.ts'
import { Switch } from '../ui/switch.tsx'
import { TextField } from '../ui/text-field.tsx'
import styles from './deploy.module.css'
import type { Field } from './fields.ts'
import { valueOf } from './ship-form.ts'
import type { ShipForm } from './ship-form.ts'

interface Props {
  readonly field: Field
  readonly form: ShipForm
  readonly onChange: (field: Field, value: string) => void
  readonly error: string | undefined
}

/** The control for one key of the Keelanfile. */
export function FieldControl({ field, form, onChange, error }: Props) {
  const { key, kind, label, hint, fallback, choices = [] } = field
  const hintId = useId()
  const value = valueOf(form, field)
  if (kind === 'choice') {
    return (
      <Select
        label={label}
        {...(hint !== undefined && { help: hint })}
        options={choices.map(([id, title]) => ({ id, title }))}
        value={value}
        onChange={(chosen) => onChange(field, chosen)}
      />
    )
  }
  if (kind === 'flag') {
    return (
      <div className={cx(styles['flag'], styles['wide'])}>
        <Switch
          isSelected={value === 'true'}
          onChange={(on) => onChange(field, String(on))}
          {...(hint !== undefined && { 'aria-describedby': hintId })}
        >
          {label}
        </Switch>
        {hint !== undefined && (
          <p id={hintId} className={styles['hint']}>
            {hint}
          </p>
        )}
      </div>
    )
  }
  const unless = fallback === '' ? undefined : `${fallback} unless said.`
  return (
    <div data-field={key} className={cx(kind === 'lines' && styles['wide'])}>
      <TextField
        label={label}
        mono
        {...(kind === 'lines' && { rows: 2 })}
        help={[hint, unless].filter(Boolean).join(' ') || undefined}
        autoComplete="off"
        value={form.said[key] ?? ''}
        onChange={(written) => onChange({ ...field, fallback: '' }, written)}
        error={error}
      />
    </div>
  )
}

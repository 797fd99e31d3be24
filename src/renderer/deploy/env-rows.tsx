import { Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button, IconButton } from '../ui/button.tsx'
import { TextField } from '../ui/text-field.tsx'
import styles from './deploy.module.css'
import { readEnvLines } from './env-lines.ts'
import { withPasted } from './ship-form.ts'
import type { Variable } from './ship-form.ts'

interface Props {
  readonly env: readonly Variable[]
  readonly onChange: (env: readonly Variable[]) => void
  readonly errorOf: (field: string) => string | undefined
}

/** Environment variables, a row each; pasted NAME=VALUE lines become rows. */
export function EnvRows({ env, onChange, errorOf }: Props) {
  const box = useRef<HTMLFieldSetElement>(null)
  const [added, setAdded] = useState<number | null>(null)
  const [refused, setRefused] = useState<readonly string[]>([])
  const nextId = Math.max(0, ...env.map(({ id }) => id)) + 1
  const paste = (row: Variable, event: React.ClipboardEvent): void => {
    const read = readEnvLines(event.clipboardData.getData('text'))
    if (!read) return
    event.preventDefault()
    setRefused(read.refused)
    onChange(withPasted(env, row, read.variables))
  }
  const remove = (row: Variable): void => {
    onChange(env.filter(({ id }) => id !== row.id))
    // The button to add one is the last.
    ;[...(box.current?.querySelectorAll('button') ?? [])].at(-1)?.focus()
  }
  const error = errorOf('env')
  return (
    <fieldset ref={box} className={styles['group']}>
      <legend>Environment variables</legend>
      <p className={styles['hint']}>
        On top of PATH, HOME and the like. A whole list of NAME=VALUE lines can be pasted into a name.
      </p>
      {env.map((row, index) => {
        const which = row.name || `variable ${index + 1}`
        const set = (part: Partial<Variable>): void =>
          onChange(env.map((other) => (other.id === row.id ? { ...row, ...part } : other)))
        return (
          <div key={row.id} className={styles['variable']} data-field={`env.${row.name}`}>
            <TextField
              label={`Name of variable ${index + 1}`}
              hideLabel
              mono
              placeholder="NAME"
              spellCheck="false"
              autoComplete="off"
              autoFocus={row.id === added}
              value={row.name}
              onChange={(name) => set({ name })}
              onPaste={(event) => paste(row, event)}
              error={row.name === '' && row.value === '' ? undefined : errorOf(`env.${row.name}`)}
            />
            <TextField
              label={`Value of ${which}`}
              hideLabel
              mono
              placeholder="value"
              spellCheck="false"
              autoComplete="off"
              {...(row.value.includes('\n') && { rows: 2 })}
              value={row.value}
              onChange={(value) => set({ value })}
            />
            <IconButton label={`Remove ${which}`} icon={<X size={14} />} onPress={() => remove(row)} />
          </div>
        )
      })}
      {refused.length > 0 && (
        <p role="alert" className={styles['fault']}>
          Not taken, since it is not NAME=VALUE: {refused.slice(0, 3).join(' · ')}
          {refused.length > 3 && ` and ${refused.length - 3} more lines`}
        </p>
      )}
      {error !== undefined && <p className={styles['fault']}>{error}</p>}
      <div>
        <Button
          icon={<Plus size={14} aria-hidden="true" />}
          onPress={() => {
            setAdded(nextId)
            onChange([...env, { id: nextId, name: '', value: '' }])
          }}
        >
          Add a variable
        </Button>
      </div>
    </fieldset>
  )
}

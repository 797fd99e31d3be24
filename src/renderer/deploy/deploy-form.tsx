import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { call } from '../api/client.ts'
import { useAction } from '../state/actions.tsx'
import { useShips } from '../state/fleet.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { TextField } from '../ui/text-field.tsx'
import { AdvancedFields } from './advanced-fields.tsx'
import { applyShips } from './apply.ts'
import type { Deployed } from './apply.ts'
import { CommandField } from './command-field.tsx'
import styles from './deploy.module.css'
import { EnvRows } from './env-rows.tsx'
import { FieldControl } from './field-control.tsx'
import { mainFields } from './fields.ts'
import type { Field } from './fields.ts'
import { FolderField } from './folder-field.tsx'
import { formFaults, faultsByField, keelanfileText } from './ship-form.ts'
import type { ShipForm } from './ship-form.ts'
import { useFormFaults } from './use-form-faults.ts'

interface Props {
  readonly form: ShipForm
  readonly onChange: (form: ShipForm) => void
  /** Goes on with the form's Keelanfile. */
  readonly onEdit: () => void
  readonly onDone: (deployed: Deployed) => void
}

/** Everything there is to say of one new ship. The helper reads it as a Keelanfile, so that its errors are the same. */
export function DeployForm({ form, onChange, onEdit, onDone }: Props) {
  const box = useRef<HTMLFormElement>(null)
  const ships = useShips()
  const { isBusy, run } = useAction()
  const [faults, setFaults] = useFormFaults(form)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [wasTried, setTried] = useState(false)
  const [replaced, setReplaced] = useState<string | null>(null)
  const exists = ships.has(form.name)
  const replace = exists && replaced === form.name
  const isTaken = exists && !replace

  const change = (part: Partial<ShipForm>): void => onChange({ ...form, ...part })
  const say = ({ key, fallback }: Field, value: string): void => {
    const { [key]: _, ...rest } = form.said
    change({ said: value === fallback ? rest : { ...rest, [key]: value } })
  }
  // Nobody is told that a field is empty before having been there.
  const errorOf = (field: string): string | undefined => (wasTried || left.has(field) ? faults.get(field) : undefined)
  const nameError = isTaken ? `${form.name} exists already: choose another name, or replace it` : errorOf('name')

  const deploy = async (start: boolean): Promise<void> => {
    const { name } = form
    const outcome = await run({
      doing: `Deploying ${name}…`,
      done: null,
      failed: name === '' ? 'It could not be deployed' : `${name} could not be deployed`,
      work: async () => {
        const reading = await call('readKeelanfile', { body: { text: keelanfileText(form), folder: '/' } })
        const found = [...formFaults(form), ...reading.faults]
        if (found.length > 0) return { found, deployed: null }
        return { found, deployed: await applyShips(reading.ships, { replace, start }) }
      },
    })
    if (!outcome.ok) return
    const { found, deployed } = outcome.value
    if (deployed) return onDone(deployed)
    flushSync(() => {
      setFaults(faultsByField(found, name))
      setTried(true)
    })
    box.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid="true"] input')?.focus()
  }

  const others = wasTried ? faults.get('') : undefined
  return (
    <form
      ref={box}
      className={styles['form']}
      aria-label="New ship"
      onSubmit={(event) => {
        event.preventDefault()
        // What was wrong a moment ago may have been put right: it is checked anew.
        if (!isTaken) void deploy(true)
      }}
      onBlur={({ target }) => {
        const field = target.closest<HTMLElement>('[data-field]')?.dataset['field']
        if (field !== undefined && !left.has(field)) setLeft(new Set([...left, field]))
      }}
    >
      {others !== undefined && <Banner tone="bad">{others}</Banner>}
      <div className={styles['scroller']}>
        <div className={styles['narrow']}>
          <div data-field="name" className={styles['stack']}>
            <TextField
              label="Name"
              mono
              autoFocus={form.name === ''}
              isRequired
              validationBehavior="aria"
              autoComplete="off"
              help="Of a-z, 0-9, “.”, “_” and “-”."
              value={form.name}
              onChange={(name) => change({ name })}
              error={nameError}
            />
            {exists && (
              <Checkbox isSelected={replace} onChange={(yes) => setReplaced(yes ? form.name : null)}>
                Replace {form.name}; it is restarted if it runs
              </Checkbox>
            )}
          </div>
          <CommandField
            commandAs={form.commandAs}
            command={form.command}
            onChange={change}
            error={errorOf('command')}
          />
          <FolderField value={form.cwd} onChange={(cwd) => change({ cwd })} error={errorOf('cwd')} />
          <EnvRows env={form.env} onChange={(env) => change({ env })} errorOf={errorOf} />
          <fieldset className={styles['group']}>
            <legend>Running</legend>
            {mainFields.map((field) => (
              <FieldControl key={field.key} field={field} form={form} onChange={say} error={errorOf(field.key)} />
            ))}
          </fieldset>
          <AdvancedFields form={form} onChange={say} errorOf={errorOf} />
        </div>
      </div>
      <footer className={styles['footer']}>
        <Button variant="quiet" onPress={onEdit}>
          Edit as Keelanfile
        </Button>
        <Button className={styles['last']} isDisabled={isBusy || isTaken} onPress={() => void deploy(false)}>
          {replace ? 'Replace at its next start' : 'Deploy without starting'}
        </Button>
        <Button type="submit" variant="primary" isDisabled={isTaken} isPending={isBusy}>
          {replace ? 'Replace and start' : 'Deploy and start'}
        </Button>
      </footer>
    </form>
  )
}

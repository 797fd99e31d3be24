import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import styles from './deploy.module.css'
import { FieldControl } from './field-control.tsx'
import { advancedFields } from './fields.ts'
import type { Field } from './fields.ts'
import type { ShipForm } from './ship-form.ts'

interface Props {
  readonly form: ShipForm
  readonly onChange: (field: Field, value: string) => void
  readonly errorOf: (field: string) => string | undefined
}

/** What few need, folded up; open as long as something in it is wrong. */
export function AdvancedFields({ form, onChange, errorOf }: Props) {
  const [isOpen, setOpen] = useState(false)
  const hasFault = advancedFields.some(({ fields }) => fields.some(({ key }) => errorOf(key) !== undefined))
  return (
    <Disclosure className={styles['more']!} isExpanded={isOpen || hasFault} onExpandedChange={setOpen}>
      <Heading level={2} className={styles['moreHeading']!}>
        <Button slot="trigger" className={styles['moreButton']!}>
          <ChevronRight size={14} aria-hidden="true" />
          More settings
        </Button>
      </Heading>
      <DisclosurePanel>
        <div className={styles['moreFields']}>
          {advancedFields.map(({ title, fields }) => (
            <fieldset key={title} className={styles['group']}>
              <legend>{title}</legend>
              <div className={styles['columns']}>
                {fields.map((field) => (
                  <FieldControl
                    key={field.key}
                    field={field}
                    form={form}
                    onChange={onChange}
                    error={errorOf(field.key)}
                  />
                ))}
              </div>
            </fieldset>
          ))}
        </div>
      </DisclosurePanel>
    </Disclosure>
  )
}

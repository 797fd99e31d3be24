import { useState } from 'react'
import type { Settings } from '../../../helper/api/settings.ts'
import { useChangeSettings } from '../state/change-settings.ts'
import { Switch } from '../ui/switch.tsx'
import { TextField } from '../ui/text-field.tsx'
import { quietFault, quietWords } from './quiet-words.ts'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'

const usual = { from: '22:00', to: '07:00' }

export function QuietHours({ settings, isAway }: { readonly settings: Settings; readonly isAway: boolean }) {
  const { saving, change } = useChangeSettings()
  const { quietHours } = settings
  const [typed, setTyped] = useState<typeof quietHours>(null)
  const shown = typed ?? quietHours ?? usual
  const fault = quietFault(shown)
  const save = (): void => {
    if (typed === null || fault !== null) return
    if (typed.from !== quietHours?.from || typed.to !== quietHours.to) change({ quietHours: typed })
    setTyped(null)
  }
  const field = (which: 'from' | 'to', label: string) => (
    <TextField
      label={label}
      type="time"
      value={shown[which]}
      isDisabled={isAway}
      onChange={(time) => setTyped({ ...shown, [which]: time })}
      onBlur={save}
      onKeyDown={({ key }) => key === 'Enter' && save()}
    />
  )
  return (
    <Setting
      id="quiet"
      title="Quiet hours"
      text={
        quietHours
          ? quietWords(quietHours)
          : 'Nothing is shown during them; what failed is told at their end, in one notification.'
      }
      saving={saving}
      control={
        <Switch
          aria-labelledby="quiet"
          isSelected={quietHours !== null}
          isDisabled={isAway}
          onChange={(on) => {
            setTyped(null)
            change({ quietHours: on ? shown : null })
          }}
        />
      }
    >
      {quietHours && (
        <>
          <div className={styles['times']}>
            {field('from', 'From')}
            {field('to', 'To')}
          </div>
          {fault !== null && (
            <p className={styles['fault']} role="alert">
              {fault}
            </p>
          )}
        </>
      )}
    </Setting>
  )
}

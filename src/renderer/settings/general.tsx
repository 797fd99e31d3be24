import type { Settings } from '../../../helper/api/settings.ts'
import { useChangeSettings } from '../state/change-settings.ts'
import { NumberField } from '../ui/number-field.tsx'
import { Select } from '../ui/select.tsx'
import { Setting, SettingGroup } from './setting.tsx'
import styles from './settings.module.css'
import { StartAtLogin } from './start-at-login.tsx'

interface Props {
  readonly settings: Settings
  readonly isAway: boolean
}

const themes = [
  { id: 'system', title: 'As the system' },
  { id: 'light', title: 'Light' },
  { id: 'dark', title: 'Dark' },
] as const

export function AppSettings({ settings, isAway }: Props) {
  const { saving, change } = useChangeSettings()
  return (
    <SettingGroup title="App">
      <StartAtLogin />
      <Setting
        id="theme"
        title="Theme"
        saving={saving}
        control={
          <Select
            label="Theme"
            hideLabel
            options={themes}
            value={settings.theme}
            onChange={(theme) => change({ theme })}
            isDisabled={isAway}
          />
        }
      />
    </SettingGroup>
  )
}

export function IntervalSetting({ settings, isAway }: Props) {
  const { saving, change } = useChangeSettings()
  return (
    <Setting
      id="interval"
      title="Seconds between two rounds"
      text="A ship that ends is noticed at once. In addition the helper looks after all processes this often, should anything have been missed."
      saving={saving}
      control={
        <NumberField
          className={styles['number']}
          label="Seconds between two rounds"
          hideLabel
          value={settings.intervalSeconds}
          minValue={1}
          maxValue={86_400}
          isDisabled={isAway}
          onChange={(intervalSeconds) => change({ intervalSeconds })}
        />
      }
    />
  )
}

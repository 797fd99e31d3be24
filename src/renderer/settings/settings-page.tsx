import { NotRead } from '../shell/not-read.tsx'
import { useConnection } from '../state/fleet.ts'
import { useSettings } from '../state/query.ts'
import { Page } from '../ui/page.tsx'
import { AppSettings, IntervalSetting } from './general.tsx'
import { NotificationSettings } from './notifications.tsx'
import { SettingGroup } from './setting.tsx'
import styles from './settings.module.css'

/** What the person has chosen; each change is saved at once. */
export function SettingsPage() {
  const { data: settings, error, refetch } = useSettings()
  const isAway = useConnection() !== 'connected'
  return (
    <Page title="Settings" scrolls>
      {settings ? (
        <div className={styles['page']}>
          <AppSettings settings={settings} isAway={isAway} />
          <NotificationSettings settings={settings} isAway={isAway} />
          <SettingGroup title="Watching">
            <IntervalSetting settings={settings} isAway={isAway} />
          </SettingGroup>
        </div>
      ) : (
        <NotRead error={error} retry={refetch} />
      )}
    </Page>
  )
}

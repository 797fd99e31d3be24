import { useQuery } from '@tanstack/react-query'
import type { Settings } from '../../../helper/api/settings.ts'
import { call } from '../api/client.ts'
import { useAction } from '../state/actions.tsx'
import { useChangeSettings } from '../state/change-settings.ts'
import { Button } from '../ui/button.tsx'
import { Switch } from '../ui/switch.tsx'
import { MutedShips } from './muted-ships.tsx'
import { QuietHours } from './quiet-hours.tsx'
import { Setting, SettingGroup } from './setting.tsx'
import styles from './settings.module.css'

interface Props {
  readonly settings: Settings
  readonly isAway: boolean
}

export function NotificationSettings({ settings, isAway }: Props) {
  const { saving, change } = useChangeSettings()
  const { data: work } = useQuery({
    queryKey: ['desktop', 'notifications-work'],
    queryFn: async () => await window.keelan!.notificationsWork(),
    enabled: window.keelan !== undefined,
    staleTime: 0,
  })
  return (
    <SettingGroup title="Notifications">
      <Setting
        id="notifications"
        title="Tell me when a ship fails"
        text="Once when it begins and once when it is over, never for what you asked for."
        saving={saving}
        control={
          <Switch
            aria-labelledby="notifications"
            isSelected={settings.notifications}
            isDisabled={isAway}
            onChange={(notifications) => change({ notifications })}
          />
        }
      >
        {work === false && (
          <p className={styles['fault']} role="alert">
            This desktop shows no notifications: nothing answers for org.freedesktop.Notifications. Start a notification
            service, for example dunst or the one of your desktop, then open this page again.
          </p>
        )}
      </Setting>
      <TestNotification isDisabled={isAway} />
      <QuietHours settings={settings} isAway={isAway} />
      <MutedShips settings={settings} isAway={isAway} />
    </SettingGroup>
  )
}

function TestNotification({ isDisabled }: { readonly isDisabled: boolean }) {
  const { isBusy, run } = useAction()
  const test = (): void =>
    void run({
      doing: 'Sending a test notification…',
      done: 'A test notification is on its way',
      failed: 'No test notification was sent',
      work: () => call('testNotification', { body: {} }),
    })
  return (
    <Setting
      id="test"
      title="See whether they arrive"
      text="Shows one notification now, even in quiet hours."
      control={
        <Button isDisabled={isDisabled} isPending={isBusy} onPress={test}>
          Send a test
        </Button>
      }
    />
  )
}

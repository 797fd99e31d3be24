import { useMutation, useQuery } from '@tanstack/react-query'
import { errorLines } from '../state/actions.tsx'
import { queries } from '../state/query.ts'
import { Switch } from '../ui/switch.tsx'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'

const key = ['desktop', 'start-at-login'] as const

/** The desktop remembers it, not the helper; in a browser there is nothing to start. */
export function StartAtLogin() {
  const desktop = window.keelan
  const { data: isOn, error } = useQuery({
    queryKey: key,
    queryFn: async () => (await desktop?.startAtLogin()) ?? false,
    enabled: desktop !== undefined,
    staleTime: 0,
  })
  const set = useMutation({
    mutationFn: async (on: boolean) => await desktop?.setStartAtLogin(on),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  const fault = set.error ?? error
  return (
    <Setting
      id="start-at-login"
      title="Start Keelan at login"
      text={
        desktop
          ? 'Keelan appears in the tray when you log in. Ships that are to run start with it.'
          : 'Only the Keelan app can be started at login; this is a browser.'
      }
      saving={set.isPending ? 'saving' : set.isSuccess ? 'saved' : 'no'}
      control={
        <Switch
          aria-labelledby="start-at-login"
          isSelected={isOn ?? false}
          isDisabled={isOn === undefined || set.isPending}
          onChange={(on) => set.mutate(on)}
        />
      }
    >
      {fault && (
        <p className={styles['fault']} role="alert">
          It does not work here: {errorLines(fault).join(' ')}
        </p>
      )}
    </Setting>
  )
}

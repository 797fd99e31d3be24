import { useState } from 'react'
import type { Settings } from '../../../helper/api/settings.ts'
import { call } from '../api/client.ts'
import { act } from './actions.tsx'
import { queries, settingsKey } from './query.ts'

export type Saving = 'no' | 'saving' | 'saved'

/** Changes settings at once, and says how that is going. What could not be saved goes back to what it was. */
export function useChangeSettings(): {
  readonly saving: Saving
  readonly change: (changes: Partial<Settings>) => void
} {
  const [saving, setSaving] = useState<Saving>('no')
  const change = (changes: Partial<Settings>): void =>
    void (async () => {
      await queries.cancelQueries({ queryKey: settingsKey })
      const before = queries.getQueryData<Settings>(settingsKey)
      if (before) queries.setQueryData<Settings>(settingsKey, { ...before, ...changes })
      setSaving('saving')
      const outcome = await act({
        doing: 'Saving the setting…',
        done: null,
        failed: 'The setting was not saved',
        work: () => call('changeSettings', { body: changes }),
      })
      if (outcome.ok) queries.setQueryData<Settings>(settingsKey, outcome.value)
      else if (before) queries.setQueryData<Settings>(settingsKey, before)
      setSaving(outcome.ok ? 'saved' : 'no')
    })()
  return { saving, change }
}

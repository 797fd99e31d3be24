import { useEffect } from 'react'
import type { Settings } from '../../../helper/api/settings.ts'
import { useSettings } from './query.ts'

const key = 'theme'

/** Shows the theme of last time before the helper has answered, so that the window does not flash. */
export function applyRememberedTheme(): void {
  apply(localStorage.getItem(key))
}

/** Follows the `theme` setting. */
export function useTheme(): void {
  const theme: Settings['theme'] | undefined = useSettings().data?.theme
  useEffect(() => {
    if (theme === undefined) return
    localStorage.setItem(key, theme)
    apply(theme)
  }, [theme])
}

function apply(theme: string | null): void {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme
  else delete document.documentElement.dataset['theme']
}

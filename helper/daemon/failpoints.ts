import type { Failpoint } from '../supervisor/harbour.ts'

/**
 * Kills the helper where a test wants it to die: `KEELAN_FAILPOINT=before-spawn:web` at that point of that ship's life.
 * Nothing else reads the variable, and without it this is nothing.
 */
export function failpoints(wanted: string | undefined): (name: Failpoint, ship: string) => void {
  if (!wanted) return () => {}
  return (name, ship) => {
    if (wanted === `${name}:${ship}`) process.kill(process.pid, 'SIGKILL')
  }
}

import type { Action } from '../state/actions.tsx'

/** Starts the helper by the app; in a browser nobody can. */
export const startHelper: Action<void> = {
  doing: 'Starting the helper…',
  done: 'The helper runs',
  failed: 'The helper was not started',
  work: async () => await window.keelan?.startHelper(),
}

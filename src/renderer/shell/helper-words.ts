import type { HelperState } from '../../preload/desktop.ts'
import type { Connection } from '../state/fleet.ts'

export interface HelperWords {
  readonly tone: 'ok' | 'busy' | 'bad' | 'idle'
  readonly title: string
  /** In a word, beside its name. */
  readonly badge: string
  readonly text: string
  /** The person can start it. */
  readonly canStart: boolean
}

/** What a person reads of the helper, from what the API shows and what the app knows (null: there is no app). */
export function helperWords(connection: Connection, state: HelperState | null): HelperWords {
  if (connection === 'connected')
    return { tone: 'ok', title: 'Helper running', badge: 'Running', text: 'Ships are watched over.', canStart: false }
  switch (state?.state) {
    case 'stopped':
      return {
        tone: 'idle',
        title: 'Helper stopped',
        badge: 'Stopped',
        text: 'It was stopped on purpose and stays so until you start it. Ships that run go on running.',
        canStart: true,
      }
    case 'gave-up':
      return { tone: 'bad', title: 'Helper keeps ending', badge: 'Keeps ending', text: state.message, canStart: true }
    case 'starting':
      return {
        tone: 'busy',
        title: 'Helper is starting',
        badge: 'Starting',
        text: 'Ships that run go on running.',
        canStart: false,
      }
    case 'running':
    case 'away':
    case undefined:
      if (connection === 'connecting')
        return {
          tone: 'busy',
          title: 'Looking for the helper',
          badge: 'Looking for it',
          text: 'Ships that run go on running.',
          canStart: false,
        }
      return state
        ? {
            tone: 'bad',
            title: 'Helper away',
            badge: 'Away',
            text: 'It is started again by itself. Ships that run go on running.',
            canStart: state.state === 'away',
          }
        : {
            tone: 'bad',
            title: 'Helper away',
            badge: 'Away',
            text: 'Type `keelan daemon start`. Ships that run go on running.',
            canStart: false,
          }
  }
}

import type { ApplyAction } from '../../../helper/api/routes.ts'

/** What applying a Keelanfile, and starting what it names, will do to a ship. */
export const planInWords: Readonly<Record<ApplyAction, string>> = {
  create: 'will be created and started',
  update: 'will be updated and started',
  restart: 'will be updated and restarted: its definition changed',
  start: 'will be started',
  none: 'stays as it is',
}

const started: Readonly<Record<ApplyAction, string>> = {
  create: 'created',
  update: 'updated and started',
  restart: 'updated and restarted',
  start: 'started',
  none: 'unchanged',
}

const notStarted: Readonly<Record<ApplyAction, string>> = {
  create: 'created, not started',
  update: 'updated; applies at its next start',
  restart: 'updated; applies at its next start',
  start: 'unchanged',
  none: 'unchanged',
}

/** What applying it has done. */
export const doneInWords = (action: ApplyAction, start: boolean): string => (start ? started : notStarted)[action]

/** A command as a person would type it. */
export function commandInWords(command: string | readonly string[]): string {
  return typeof command === 'string' ? command : command.map(quoted).join(' ')
}

const quoted = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

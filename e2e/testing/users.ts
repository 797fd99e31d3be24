import { spawnSync } from 'node:child_process'
import { chownSync } from 'node:fs'
import { keelanPath } from './workplace.ts'

export const isRoot = process.getuid?.() === 0

/** Who a test becomes when it needs rights that are not root's; every system has this one. */
export const nobody = 65_534

/** Words before a command that make it an ordinary user's; none if it is that already. */
export const asOrdinaryUser: readonly string[] = isRoot
  ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
  : []

/** Whether an ordinary user may read what was built: not in a clone below root's home. */
export const ordinaryUserCanRun = ((): boolean => {
  const [command = '', ...words]: string[] = [...asOrdinaryUser, keelanPath, '--version']
  return spawnSync(command, words, { cwd: '/' }).status === 0
})()

/** Gives a file or folder to the ordinary user. */
export const giveAway = (path: string): void => {
  if (isRoot) chownSync(path, nobody, nobody)
}

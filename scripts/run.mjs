// @ts-check
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a command in the root folder with its output shown; returns whether it ended with status 0.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [environment] added to the one there is
 */
export function run(command, args, environment = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  })
  if (error) console.error(`${command}: ${error.message}`)
  return status === 0
}

/**
 * Ends the process with one line that says why.
 * @param {string} why
 * @returns {never}
 */
export function fail(why) {
  console.error(`keelan: ${why}`)
  process.exit(1)
}

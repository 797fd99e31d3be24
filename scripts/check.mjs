// @ts-check
import { pathToFileURL } from 'node:url'
import { run } from './run.mjs'

/**
 * Runs every check, also after one has failed, the tests last; returns whether all went well.
 * @param {readonly string[]} vitestArguments
 */
export function check(vitestArguments) {
  const failed = ['format:check', 'typecheck', 'lint', 'vitest'].filter((script) => {
    console.log(`\n# npm run ${script}`)
    return !run('npm', ['run', '--silent', script, '--', ...(script === 'vitest' ? vitestArguments : [])])
  })
  if (failed.length > 0) console.error(`Failed: ${failed.map((script) => `npm run ${script}`).join(', ')}`)
  return failed.length === 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = check(process.argv.slice(2)) ? 0 : 1
}

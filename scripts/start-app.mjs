// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { electronPath } from './electron.mjs'
import { fail, root } from './run.mjs'

/**
 * Starts the built app, which outlives the terminal, and says where it is once it is there; a second start brings up the
 * first one's window. Ends the process if it cannot be started.
 * @param {readonly string[]} flags for the runtime
 */
export async function startApp(flags) {
  const runtime = await electronPath().catch((error) => fail(error.message))
  const { baseDirectory } = await import(pathToFileURL(join(root, 'dist/helper/base-directory.js')).href)
  const output = join(baseDirectory(process.env).logs, 'keelan-app-output.log')
  const file = openSync(output, 'w', 0o600)
  const app = spawn(runtime, [...flags, ...sandboxFlags(), root], {
    // KEELAN_NODE: in development the helper runs on the Node that this runs on.
    env: { ...process.env, KEELAN_NODE: process.execPath },
    stdio: ['ignore', file, file, 'ipc'],
    detached: true,
  })
  const [outcome] = await Promise.race([
    once(app, 'message').then(() => ['ready']),
    once(app, 'exit'),
    once(app, 'error').then(([error]) => fail(`the app could not be started: ${error.message}`)),
  ])
  switch (outcome) {
    case 'ready':
      console.log('The app runs: its window is open, and its icon is in the tray. Closing the window leaves it there.')
      app.disconnect()
      app.unref()
      break
    case 0:
      console.log('The app was running already: its window is shown.')
      break
    default:
      console.error(readFileSync(output, 'utf8').trimEnd().split('\n').slice(-10).join('\n'))
      fail(
        `the app ended at once (${outcome ?? app.signalCode}); the helper runs without it. Its last lines are above, all are in ${output}`,
      )
  }
}

/** Chromium's sandbox refuses to start as root, and as root only is done without. */
export const sandboxFlags = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : [])

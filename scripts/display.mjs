// @ts-check
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'

/**
 * What the app's command line needs for the screen there is (nothing, or one flag); null: no screen answers.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<readonly string[] | null>}
 */
export async function screenFlags(environment = process.env) {
  if (process.platform === 'darwin' || process.platform === 'win32') return []
  const { DISPLAY = '', WAYLAND_DISPLAY = '', XDG_RUNTIME_DIR = '' } = environment
  if (await someAnswers(x11Addresses(DISPLAY))) return []
  const wayland = WAYLAND_DISPLAY && [
    { path: join(WAYLAND_DISPLAY.startsWith('/') ? '' : XDG_RUNTIME_DIR, WAYLAND_DISPLAY) },
  ]
  return wayland && (await someAnswers(wayland)) ? ['--ozone-platform=wayland'] : null
}

/** Where the X server of `:0`, `unix:0.0` or `host:10` listens (X(7), "display names"). @param {string} display */
function x11Addresses(display) {
  const [, host = '', number = ''] = /^(.*):(\d+)(?:\.\d+)?$/.exec(display) ?? []
  if (number === '') return []
  if (host !== '' && host !== 'unix') return [{ host, port: 6_000 + Number(number) }]
  const path = `/tmp/.X11-unix/X${number}`
  return [{ path }, { path: `\0${path}` }]
}

/** @param {readonly import('node:net').NetConnectOpts[]} addresses */
async function someAnswers(addresses) {
  for (const address of addresses) {
    const socket = connect({ ...address, timeout: 2_000 })
    socket.once('timeout', () => socket.destroy(new Error('no answer')))
    try {
      await once(socket, 'connect')
      return true
    } catch {
      // The next one may.
    } finally {
      socket.destroy()
    }
  }
  return false
}

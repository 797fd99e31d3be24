import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { run } from './testing/commands.ts'
import { environmentOf } from './testing/processes.ts'
import { workplace } from './testing/workplace.ts'

/** What runs the helper is chosen by who starts it, as an app that brings its own runtime does. */
const control = fileURLToPath(new URL('../dist/helper/daemon-control.js', import.meta.url))

test('the helper runs on the runtime it is given, and ships get nothing of what that needs', async () => {
  const place = workplace()
  const runtime = place.write('runtime', `#!/bin/sh\nexec '${process.execPath}' "$@"\n`, 0o755)
  const call = async (name: string, mark: string): Promise<void> => {
    const options = JSON.stringify({ runtime: { path: runtime, env: { ELECTRON_RUN_AS_NODE: '1', MARK: mark } } })
    const program = `import { ${name} } from '${control}'; await ${name}(${options})`
    const env = { ...place.env, KEELAN_TRAY: '1', LANG: 'C.UTF-8' }
    expect(await run([process.execPath, '--input-type=module', '-e', program], { env })).toMatchObject({ code: 0 })
  }
  await call('startHelper', 'started')
  const first = place.helperPid()
  expect(environmentOf(first)).toMatchObject({ ELECTRON_RUN_AS_NODE: '1', MARK: 'started' })

  // All of the shell's, and nobody's: the helper's own is taken.
  await place.ok('deploy', 'whole', '--inherit-env', '--', 'sleep', '1000')
  const { definition } = await place.client.call('getShip', { params: { name: 'whole' }, query: { env: 'true' } })
  await place.client.call('applyShips', { body: { ships: [{ ...definition, name: 'helpers' }] } })
  await place.client.call('applyShips', { body: { ships: [{ ...definition, name: 'few', inheritEnv: false }] } })
  const pids = await Promise.all(['whole', 'helpers', 'few'].map(async (name) => (await place.ship(name)).pid ?? 0))
  const [whole = {}, helpers = {}, few = {}] = pids.map(environmentOf)
  for (const environment of [whole, helpers, few]) {
    const ours = Object.keys(environment).filter((name) => /^(KEELAN|ELECTRON)_/.test(name))
    expect(ours.sort()).toEqual(['KEELAN_SHIM', 'KEELAN_SHIP'])
  }
  expect(helpers).toMatchObject({ MARK: 'started', LANG: 'C.UTF-8', PATH: place.env['PATH'] })
  expect(few).toMatchObject({ LANG: 'C.UTF-8', PATH: place.env['PATH'] })
  expect(few).not.toHaveProperty('MARK')

  // One that exists keeps what it has.
  await place.client.call('applyShips', { body: { ships: [{ ...definition, nice: 5 }], replace: true } })
  expect(environmentOf((await place.ship('whole')).pid ?? 0)).toEqual({
    ...whole,
    KEELAN_SHIM: expect.not.stringMatching(whole['KEELAN_SHIM'] ?? ''),
  })

  await call('restartHelper', 'restarted')
  expect(place.helperPid()).not.toBe(first)
  expect(environmentOf(place.helperPid())).toMatchObject({ ELECTRON_RUN_AS_NODE: '1', MARK: 'restarted' })
})

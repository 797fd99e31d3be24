import { expect, onTestFinished, test, vi } from 'vitest'
import { eventually, workplace, type Workplace } from '../../e2e/testing/workplace.ts'
import type { HelperState } from '../preload/desktop.ts'
import { KeelanClient } from '../../helper/client.ts'
import { version } from '../../helper/version.ts'
import { Fleet } from './fleet.ts'
import { type helperControl as sourceOf, helperRuntime } from './helper-control.ts'
import { HelperKeeper } from './helper-keeper.ts'

/** As it is built: the sources have no `daemon.js` beside them to start. */
const built = new URL('../../dist/src/main/helper-control.js', import.meta.url)
const { helperControl } = (await import(built.href)) as { helperControl: typeof sourceOf }

/** A keeper of a real helper, fed by its event stream as in the app. */
function keeperOf({ paths }: Workplace): { keeper: HelperKeeper; states: string[] } {
  vi.stubEnv('BASE_DIRECTORY', paths.base)
  onTestFinished(() => void vi.unstubAllEnvs())
  const states: string[] = []
  const fleet = new Fleet(new KeelanClient(paths.socket), (error) => states.push(String(error)))
  const onState = ({ state }: HelperState) => {
    states.push(state)
    if (state === 'running') fleet.follow()
  }
  const runtime = helperRuntime(false, { KEELAN_NODE: process.execPath })
  const keeper = new HelperKeeper(version(), helperControl(runtime), onState, (message) => states.push(message))
  fleet.listen({ connected: () => keeper.connected(), lost: () => void keeper.lost() })
  fleet.follow()
  onTestFinished(() => fleet.close())
  return { keeper, states }
}

test('an installed app runs the helper on its own binary, in development it runs on Node', () => {
  expect(helperRuntime(true)).toEqual({ path: process.execPath, env: { ELECTRON_RUN_AS_NODE: '1' } })
  expect(helperRuntime(false, { KEELAN_NODE: '/usr/bin/node' })).toEqual({ path: '/usr/bin/node' })
  expect(helperRuntime(false, {})).toEqual({ path: 'node' })
})

test('a real helper: started, killed and started again, stopped by hand and left so, started by hand and picked up', async () => {
  const place = workplace()
  const { keeper, states } = keeperOf(place)
  await keeper.begin()
  expect(keeper.state).toEqual({ state: 'running', version: version(), newer: false })
  await place.ok('deploy', 'web', '--', 'sleep', '1000')
  const before = await place.ship('web')
  const firstPid = place.helperPid()

  await place.killHelper()
  await eventually(() => states.slice(-3)).toEqual(['away', 'starting', 'running'])
  expect(place.helperPid()).not.toBe(firstPid)
  expect((await place.ship('web')).pid).toBe(before.pid)

  await place.ok('daemon', 'stop')
  await eventually(() => states.at(-1)).toBe('stopped')

  await place.ok('daemon', 'start')
  await eventually(() => states.at(-1)).toBe('running')

  await place.ok('daemon', 'restart')
  await eventually(() => keeper.info?.pid).toBe(place.helperPid())
  expect(keeper.state.state).toBe('running')

  await keeper.restart()
  expect(keeper.state.state).toBe('running')
  await keeper.stop()
  await eventually(() => states.at(-1)).toBe('stopped')
  await keeper.start()
  expect(keeper.state.state).toBe('running')
  expect((await place.ship('web')).pid).toBe(before.pid)
})

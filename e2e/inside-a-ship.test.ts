import { expect, test } from 'vitest'
import { environmentOf } from './testing/processes.ts'
import { eventually, isThere, keelanPath, workplace } from './testing/workplace.ts'

/** A ship that starts or restarts the helper: neither the helper nor other ships must become parts of it. */
test.each([
  ['starts the helper that was stopped', `${keelanPath} daemon start`, true],
  ['restarts the helper', `${keelanPath} daemon restart`, false],
])('when a ship %s, helper and ships live on when that ship is stopped', async (_, command, stopped) => {
  const place = workplace()
  await place.ok('deploy', 'before', '--', 'sleep', '1000')
  const before = await place.ship('before')
  const first = place.helperPid()
  const go = 'while [ ! -e go ]; do sleep 0.05; done; '
  await place.ok('deploy', 'starter', '--', `${go}${command}; echo done; exec sleep 1000`)
  if (stopped) await place.ok('daemon', 'stop')
  place.write('go', '')
  await place.untilLog('starter', /done/)
  const helper = place.helperPid()
  expect(helper).not.toBe(first)
  for (const mark of ['KEELAN_SHIP', 'KEELAN_SHIM']) expect(environmentOf(helper)).not.toHaveProperty(mark)
  await place.ok('deploy', 'after', '--', 'sleep', '1000')
  const after = await place.ship('after')

  await place.ok('stop', 'starter')
  expect(place.processesOf('starter')).toEqual([])
  expect(isThere(helper)).toBe(true)
  expect(await place.ship('before')).toMatchObject({ status: 'running', pid: before.pid })
  expect(await place.ship('after')).toMatchObject({ status: 'running', pid: after.pid })
  // Their shims, too: what crashes now comes back.
  process.kill(after.pid ?? 0, 'SIGKILL')
  await eventually(() => place.ship('after')).toMatchObject({ status: 'running', restarts: 1 })
})

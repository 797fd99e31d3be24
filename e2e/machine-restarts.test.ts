import { expect, test } from 'vitest'
import { run } from './testing/commands.ts'
import { namespace } from './testing/machine.ts'
import { killIfThere, processesIn } from './testing/processes.ts'
import { isRoot } from './testing/users.ts'
import { eventually, isThere, keelanPath, workplace } from './testing/workplace.ts'

/** A restart of the machine, as the helper sees it: everything has gone, and the boot id is another. */
test.skipIf(!isRoot)(
  'after a restart of the machine, autostart acts once, on what was wished up (needs root)',
  async () => {
    const lastBoot = await namespace(
      (folder) =>
        `echo 11111111-2222-4333-8444-555555555555 > ${folder}/boot_id && mount --bind ${folder}/boot_id /proc/sys/kernel/random/boot_id`,
    )
    const place = workplace()
    const before = async (...args: string[]): Promise<void> => {
      expect(await run([...lastBoot.inside, keelanPath, ...args], { env: place.env })).toMatchObject({ code: 0 })
    }
    const ship = ['--', 'trap "exit 0" TERM; echo up; while :; do sleep 0.1; done']
    await before('deploy', 'up', ...ship)
    await before('deploy', 'manual', '--no-autostart', ...ship)
    await before('deploy', 'down', ...ship)
    await before('stop', 'down')
    await place.untilLog('up', /up/)
    const pids = processesIn(place.paths.base)
    expect(pids.length).toBeGreaterThan(4)
    for (const pid of pids) killIfThere(pid)
    await eventually(() => pids.filter(isThere)).toEqual([])

    await place.ok('daemon', 'start')
    await place.untilLog('up', /^up\nup\n$/)
    const { pid } = await place.until('up', 'running')
    expect(await place.runs('up')).toMatchObject([{ endedAt: null }, { reason: 'machine-restarted', exitCode: null }])
    expect(await place.ship('manual')).toMatchObject({ status: 'stopped', reason: 'the machine was restarted' })
    expect(await place.ship('down')).toMatchObject({ status: 'stopped', wish: 'down' })

    process.kill(pid ?? 0, 'SIGTERM')
    await place.until('up', 'stopped')
    await place.ok('daemon', 'restart')
    // The helper has done all it owes to anybody once it has started this one.
    await place.ok('deploy', 'another', ...ship)
    expect(await place.ship('up')).toMatchObject({ status: 'stopped', reason: 'ended by itself' })
    expect(await place.ship('manual')).toMatchObject({ status: 'stopped' })
    expect(place.logOf('up')).toBe('up\nup\n')
  },
)

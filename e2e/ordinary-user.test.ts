import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { errorTable } from '../helper/api/errors.ts'
import { asOrdinaryUser, giveAway, isRoot, nobody, ordinaryUserCanRun } from './testing/users.ts'
import { eventually, isThere, workplace } from './testing/workplace.ts'

// Where the tests do not run as root, every other test is one of an ordinary user.
test.skipIf(!isRoot || !ordinaryUserCanRun)(
  'an ordinary user has all but what is for root (needs root, and a clone that others may read)',
  async () => {
    const env = (folder: string) => ({ HOME: folder, BASE_DIRECTORY: undefined, XDG_STATE_HOME: undefined })
    const place = workplace({ wrap: asOrdinaryUser, env })
    chmodSync(dirname(place.folder), 0o755)
    giveAway(place.folder)
    await place.ok('deploy', 'web', '--nice', '3', '--', 'id -u; exec sleep 1000')
    await place.untilLog('web', new RegExp(`^${nobody}\n$`))
    const first = (await place.ship('web')).pid ?? 0
    process.kill(first, 'SIGKILL')
    await eventually(() => place.ship('web')).toMatchObject({ status: 'running', restarts: 1 })
    await place.ok('daemon', 'restart')
    await place.ok('restart', 'web')
    const { pid } = await place.ship('web')
    await place.ok('stop', 'web')
    expect([first, pid ?? 0].filter(isThere)).toEqual([])
    expect(place.logOf('web')).toBe(`${nobody}\n`.repeat(3))

    expect(place.paths.base).toBe(join(place.folder, '.local/state/keelan'))
    for (const path of readdirSync(place.paths.base, { recursive: true, encoding: 'utf8' })) {
      const { uid, mode } = lstatSync(join(place.paths.base, path))
      expect({ path, uid, forOthers: mode & 0o077 }).toEqual({ path, uid: nobody, forOthers: 0 })
    }
    for (const option of [
      ['--user', 'root'],
      ['--group', 'root'],
      ['--root', '/'],
      ['--nice', '-1'],
    ]) {
      const refused = await place.keelan(['deploy', 'other', ...option, '--', 'true'])
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toContain(errorTable.NEEDS_ROOT.wayOut)
    }
    expect(await place.keelan(['show', 'other'])).toMatchObject({ code: 1 })
  },
)

import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually, workplace } from './testing/workplace.ts'

/** The most that the ship may hold before the kernel kills it; the machine's own memory is never at stake. */
const limitBytes = 64 * 1_048_576

/** A control group below our own that limits memory, to be removed; null where none can be made. */
function smallGroup(): string | null {
  if (process.platform !== 'linux' || !/^oom_kill /m.test(readFileSync('/proc/vmstat', 'latin1'))) return null
  const own = (controller: string): string | undefined =>
    readFileSync('/proc/self/cgroup', 'utf8').match(new RegExp(`^\\d+:${controller}:(.*)$`, 'm'))?.[1]
  const v1 = own('memory')
  const group = join(
    v1 === undefined ? `/sys/fs/cgroup${own('')}` : `/sys/fs/cgroup/memory${v1}`,
    `keelan-test-${process.pid}`,
  )
  const limit = v1 === undefined ? 'memory.max' : 'memory.limit_in_bytes'
  try {
    mkdirSync(group)
  } catch {
    return null
  }
  try {
    writeFileSync(join(group, limit), String(limitBytes))
    if (v1 === undefined) writeFileSync(join(group, 'memory.swap.max'), '0')
    return group
  } catch {
    rmdirSync(group)
    return null
  }
}

test('a ship that the kernel kills for want of memory is told as that, one that was just killed is not', async ({
  skip,
}) => {
  const group = smallGroup()
  if (group === null) return skip('needs a memory cgroup and a kernel that counts (Linux, as root)')
  const procs = join(group, 'cgroup.procs')
  onTestFinished(async () => {
    await eventually(() => readFileSync(procs, 'utf8')).toBe('')
    rmdirSync(group)
  })
  const place = workplace()
  const grow = 'const held = []; for (;;) held.push(Buffer.alloc(1048576, 1))'
  const hungry = `echo $$ > ${procs} || exit 1; exec '${process.execPath}' -e '${grow}'`
  await place.ok('deploy', 'hungry', '--restart', 'no', '--', hungry)
  expect(await place.until('hungry', 'failed')).toMatchObject({ signal: 'SIGKILL' })
  expect(await place.runs('hungry')).toMatchObject([
    { reason: 'killed', message: expect.stringMatching(/^was killed by SIGKILL, out of memory, after /) },
  ])

  await place.ok('deploy', 'victim', '--restart', 'no', '--', 'sleep', '1000')
  process.kill((await place.ship('victim')).pid ?? 0, 'SIGKILL')
  await place.until('victim', 'failed')
  expect(await place.runs('victim')).toMatchObject([
    { message: expect.stringMatching(/^was killed by SIGKILL after /) },
  ])
})

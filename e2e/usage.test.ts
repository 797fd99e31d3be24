import { expect, onTestFinished, test } from 'vitest'
import { StreamLine, type UsageLine } from '../helper/api/events.ts'
import { cpuMs } from './testing/processes.ts'
import { eventually, keelanPath, sharedWorkplace, type Workplace, workplace } from './testing/workplace.ts'

/** What ships use, sampled by a real helper from real processes. */
const place = sharedWorkplace()
const mib = 1_048_576

/** The usage lines of a helper, as they come, and the way to end them. */
async function usagesOf({ client }: Workplace) {
  const { body } = await client.stream('listEvents', { query: { usage: 'true' } })
  const lines: UsageLine[] = []
  let text = ''
  body.on('error', () => {})
  body.on('data', (chunk) => {
    const parts = (text + String(chunk)).split('\n')
    text = parts.pop() ?? ''
    for (const part of parts) {
      const line = StreamLine.parse(JSON.parse(part))
      if (line.type === 'usage') lines.push(line)
    }
  })
  return { lines, end: () => body.destroy() }
}

/** Waits until each ship has usage for which this is so. */
async function until(lines: UsageLine[], isSo: (ships: UsageLine['ships']) => boolean): Promise<UsageLine['ships']> {
  await eventually(() => lines.some(({ ships }) => isSo(ships))).toBe(true)
  return lines.find(({ ships }) => isSo(ships))!.ships
}

test('CPU is that of the whole tree: a busy grandchild counts, an idle ship is near nothing', async () => {
  await place.ok('deploy', 'busy', '--', `sh -c 'while :; do :; done' & wait`)
  await place.ok('deploy', 'idle', '--', 'sleep', '1000')
  const { lines, end } = await usagesOf(place)
  // The machine has other things to do too, so it may get much less than a whole core, but never more.
  const ships = await until(lines, ({ busy }) => (busy?.cpuPercent ?? 0) > 20)
  expect(ships['busy']?.cpuPercent).toBeLessThan(110)
  expect(ships['idle']?.cpuPercent).toBeLessThan(5)
  await place.ok('stop', 'busy')
  await eventually(() => lines.at(-1)?.ships).not.toHaveProperty('busy')
  expect(lines.at(-1)?.ships).toHaveProperty('idle')
  end()
})

test("what short-lived processes use is the ship's, and nothing is negative or beyond the machine", async () => {
  const spin = 'for (const until = Date.now() + 100; Date.now() < until;);'
  await place.ok('deploy', 'brief', '--', `while :; do '${process.execPath}' -e '${spin}'; done`)
  const { lines, end } = await usagesOf(place)
  await until(lines, ({ brief }) => (brief?.cpuPercent ?? 0) > 15)
  await eventually(() => lines.length).toBeGreaterThanOrEqual(4)
  end()
  const percents = lines.flatMap(({ ships }) => Object.values(ships).map(({ cpuPercent }) => cpuPercent))
  for (const percent of percents) {
    expect(percent).toBeGreaterThanOrEqual(0)
    expect(percent).toBeLessThan(400)
  }
  await place.ok('stop', 'brief')
})

test('memory is what the processes hold together, with shared pages counted once', async () => {
  const hold = `const held = Buffer.alloc(100 * ${mib}, 1); console.log('holds', held.length); setInterval(() => held.length, 1e6)`
  await place.ok('deploy', 'large', '--', process.execPath, '-e', hold)
  // Eight processes of one program: most of each is the same pages.
  await place.ok('deploy', 'many', '--', 'for n in 1 2 3 4 5 6 7 8; do sleep 1000 & done; wait')
  await place.untilLog('large', /holds/)
  const { lines, end } = await usagesOf(place)
  const ships = await until(lines, ({ large, many }) => (large?.memoryBytes ?? 0) > 100 * mib && many !== undefined)
  expect(ships['large']?.memoryBytes).toBeLessThan(250 * mib)
  // A sample has little time to read what is shared: on a busy machine it takes some until it is known of all.
  await eventually(() => lines.at(-1)?.ships['many']?.memoryBytes).toBeLessThan(8 * mib)
  expect(lines.at(-1)?.ships['many']?.memoryBytes).toBeGreaterThan(0.3 * mib)
  end()
})

test('a helper started within a ship, and its ships, are no part of that ship', async () => {
  const inner = workplace()
  const script = `'${keelanPath}' daemon start && echo now only sleeps; exec sleep 1000`
  await place.ok('deploy', 'nest', '--env', `BASE_DIRECTORY=${inner.paths.base}`, '--', script)
  // Before the inner workplace is left, which ends whatever works there.
  onTestFinished(async () => void (await place.ok('remove', 'nest')))
  await place.untilLog('nest', /now only sleeps/)
  await inner.ok('deploy', 'spinner', '--', 'while :; do :; done')
  const spinner = (await inner.ship('spinner')).pid ?? 0
  const [outside, inside] = await Promise.all([usagesOf(place), usagesOf(inner)])
  await until(inside.lines, (ships) => (ships['spinner']?.cpuPercent ?? 0) > 15)
  expect(cpuMs(spinner)).toBeGreaterThan(0)
  await eventually(() => outside.lines.length).toBeGreaterThanOrEqual(2)
  // Nothing of the spinner comes to it either when that ends, and is left to the outer shim.
  await inner.ok('daemon', 'stop', '--ships')
  const seen = outside.lines.length
  await eventually(() => outside.lines.length).toBeGreaterThan(seen + 1)
  for (const { ships } of outside.lines) {
    expect(ships['nest']?.cpuPercent).toBeLessThan(20)
    expect(ships['nest']?.memoryBytes).toBeLessThan(10 * mib)
  }
  outside.end()
  inside.end()
})

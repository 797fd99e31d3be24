import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { KeelanEvent } from '../helper/api/events.ts'
import { run } from './testing/commands.ts'
import { eventually, keelanPath, sharedWorkplace, workplace } from './testing/workplace.ts'

/** What ships wrote and what happened to them, read with the command. */
const place = sharedWorkplace()

test('`logs` shows the last lines, all of them, or those that match', async () => {
  await place.ok('deploy', 'lines', '--', 'n=0; while [ $n -lt 200 ]; do n=$((n+1)); echo "line $n"; done')
  await place.until('lines', 'stopped')
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => `line ${from + n}\n`).join('')
  expect(await place.ok('logs', 'lines')).toBe(lines(151, 200))
  expect(await place.ok('logs', 'lines', '-n', '3')).toBe(lines(198, 200))
  expect(await place.ok('logs', 'lines', '-n', '0')).toBe('')
  expect(await place.ok('logs', 'lines', '--all')).toBe(lines(1, 200))
  expect(await place.ok('logs', 'lines', '--grep', '^line 1?9$')).toBe('line 9\nline 19\n')
  expect(await place.ok('logs', 'lines', '--grep', '9$', '-n', '2')).toBe('line 189\nline 199\n')
  expect(await place.keelan(['logs', 'lines', '--grep', '('])).toMatchObject({ code: 1, stdout: '' })
})

test('`-t` and `--since` know when a line was written, to the second', async () => {
  const go = join(place.folder, 'later')
  await place.ok(
    'deploy',
    'timed',
    '--',
    `echo early; while [ ! -e ${go} ]; do sleep 0.05; done; echo late; exec sleep 1000`,
  )
  await place.untilLog('timed', /early/)
  // Times are kept to the second, so that is what has to pass between two lines to tell them apart.
  await sleep(2_500)
  const between = new Date()
  await sleep(1_500)
  writeFileSync(go, '')
  const written = Date.now()
  await place.untilLog('timed', /late/)
  await eventually(() => place.ok('logs', 'timed', '--since', between.toISOString())).toBe('late\n')
  expect(await place.ok('logs', 'timed', '--since', '10m')).toBe('early\nlate\n')
  const [early = '', late = ''] = (await place.ok('logs', 'timed', '-t')).trim().split('\n')
  const stamped = /^[ ~]?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (\w+)$/
  expect([stamped.exec(early)?.[2], stamped.exec(late)?.[2]]).toEqual(['early', 'late'])
  expect(Date.parse(stamped.exec(early)?.[1] ?? '')).toBeLessThan(between.getTime())
  expect(Date.parse(stamped.exec(late)?.[1] ?? '')).toBeGreaterThanOrEqual(Math.floor(written / 1_000) * 1_000)
})

test('into a pipe goes every byte as the ship wrote it; a reader that has enough ends it in silence', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 * 2_000 }, (_, n) => (n * 7 + (n >> 8)) & 255))
  writeFileSync(join(place.folder, 'bytes'), bytes)
  await place.ok('deploy', 'binary', '--', 'cat', 'bytes')
  await place.until('binary', 'stopped')
  const shell = (script: string) =>
    run(['bash', '-c', script, 'bash', keelanPath], { cwd: place.folder, env: place.env })
  for (const words of ['logs binary --all', 'logs binary -n 1000000']) {
    expect(await shell(`"$1" ${words} | cat > copy`)).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(readFileSync(join(place.folder, 'copy')).equals(bytes), words).toBe(true)
  }
  const head = await shell('"$1" logs binary --all | head -c 1; echo " ${PIPESTATUS[0]}"')
  expect(head).toMatchObject({ code: 0, stderr: '' })
  expect(head.stdout).toMatch(/ 0\n$/)
})

/** What a counting ship wrote, if no line is missing or there twice. */
const counted = (text: string): number => {
  const lines = text.split('\n').slice(0, -1)
  expect(lines).toEqual(lines.map((_, index) => `line ${index + 1}`))
  return lines.length
}

test('`logs -f` and `events -f` go on over restarts and the death of the helper, with nothing lost or twice', async () => {
  const own = workplace()
  await own.ok('deploy', 'count', '--', 'n=0; while :; do n=$((n+1)); echo "line $n"; sleep 0.01; done')
  const raw = own.launch('logs', 'count', '--all', '-f')
  const filtered = own.launch('logs', 'count', '--all', '-f', '--grep', 'line')
  const events = own.launch('events', '-f', '-n', '0', '--json')
  await eventually(() => counted(raw.stdout())).toBeGreaterThan(5)
  // The first line says that the stream is open.
  await own.ok('deploy', 'mark', '--', 'true')
  await eventually(() => events.stdout()).toContain('mark has ended')
  await own.ok('daemon', 'restart')
  await eventually(() => events.stdout()).toContain('helper.started')
  await own.killHelper()
  const linesAtDeath = counted(own.logOf('count'))
  await eventually(() => counted(own.logOf('count'))).toBeGreaterThan(linesAtDeath + 20)
  await own.ok('daemon', 'start')
  await own.ok('stop', 'count')
  const last = counted(own.logOf('count'))
  await eventually(() => counted(raw.stdout())).toBe(last)
  await eventually(() => counted(filtered.stdout())).toBe(last)
  await eventually(() => events.stdout()).toContain('count is stopped')
  expect((await raw.end()).code).toBe(130)
  // Whoever asks again only when the helper is back has not missed it.
  const away = /^(keelan: the helper is away; waiting for it\nkeelan: the helper is back\n)*$/
  for (const { stderr } of [raw, filtered, events]) expect(stderr()).toMatch(away)
  const told = events
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as KeelanEvent)
  expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => (told[0]?.seq ?? 0) + index))
  const ofHelper = told.filter(({ name }) => name === null).map(({ type }) => type)
  // The one that was killed had no last word.
  expect(ofHelper).toEqual(['helper.stopped', 'helper.started', 'helper.started'])
})

test('`events` tells the last ones in order, of all ships or of one', async () => {
  await place.ok('deploy', 'event', '--', 'exit 0')
  await place.until('event', 'stopped')
  await eventually(() => place.shimsOf('event')).toEqual([])
  const messages = (await place.ok('events', '--ship', 'event', '--json'))
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as KeelanEvent).message)
  expect(messages.map((message) => message.replace(/\d+ ms|pid \d+/, '…'))).toEqual([
    'event was deployed',
    'event is starting',
    'event is running (…)',
    'event exited with code 0 after …',
    'event has ended',
  ])
  expect((await place.ok('events', '-n', '2')).trim().split('\n')).toHaveLength(2)
  expect(await place.ok('events', '-n', '1', '--ship', 'event')).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  event has ended\n$/,
  )
})

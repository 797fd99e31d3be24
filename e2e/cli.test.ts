import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { HelperInfo } from '../helper/api/helper.ts'
import type { Ship, ShipDetail } from '../helper/api/ship.ts'
import { run } from './testing/commands.ts'
import { eventually, isThere, keelanPath, sharedWorkplace, workplace } from './testing/workplace.ts'

/** The command as a person or a script uses it. Every test has ships of its own in one workplace. */
const place = sharedWorkplace()
const stays = ['--', 'sleep', '1000']

test('`ls --json` has the keys that scripts rely on, of the same types in every state', async () => {
  await place.ok('deploy', 'listed-running', ...stays)
  await place.ok('deploy', 'listed-stopped', '--no-start', ...stays)
  await place.keelan(['deploy', 'listed-failed', '--restart', 'no', '--', 'kill -TERM $$'])
  await place.until('listed-failed', 'failed')
  const ships = (await place.json<Ship[]>('ls')).filter(({ name }) => name.startsWith('listed-'))
  const words =
    'name status health pid startedAt stoppedAt exitCode signal restarts uptimeSeconds wish reason nextStartAt definitionChanged command'
  const keys = words.split(' ').toSorted()
  for (const ship of ships) expect(Object.keys(ship).toSorted()).toEqual(keys)
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string
  const number = expect.any(Number) as number
  const nothing = { pid: null, startedAt: null, stoppedAt: null, exitCode: null, signal: null, uptimeSeconds: null }
  expect(ships).toMatchObject([
    {
      ...nothing,
      name: 'listed-failed',
      status: 'failed',
      health: null,
      stoppedAt: time,
      signal: 'SIGTERM',
      restarts: 0,
    },
    {
      ...nothing,
      name: 'listed-running',
      status: 'running',
      health: 'unknown',
      pid: number,
      startedAt: time,
      uptimeSeconds: number,
    },
    { ...nothing, name: 'listed-stopped', status: 'stopped', health: null, restarts: 0, wish: 'down' },
  ])
})

test('`show`, `history` and `monitor` tell of a ship in words and as JSON', async () => {
  await place.ok('deploy', 'told', '--stop-timeout', '2s', '--env', 'A=1', ...stays)
  const { ship, definition } = await place.json<ShipDetail>('show', 'told')
  expect(definition).toMatchObject({ command: ['sleep', '1000'], stopTimeoutMs: 2_000, env: { A: '***' } })
  const shown = await place.ok('show', 'told')
  for (const fact of ['running', `pid ${ship.pid}`, 'stop_timeout: 2s', join(place.paths.shipLogs, 'told.log')])
    expect(shown).toContain(fact)
  await place.ok('restart', 'told')
  expect((await place.ok('history', 'told')).trim().split('\n')).toHaveLength(3)
  expect((await place.ok('history', 'told', '-n', '1')).trim().split('\n')).toHaveLength(2)
  expect(await place.json('history', 'told')).toMatchObject([{ endedAt: null }, { pid: ship.pid, reason: 'asked' }])
  expect(await place.ok('monitor')).toMatch(/^told +running +unknown +\d+ +\S+ +0/m)
  const { helper, ships } = await place.json<{ helper: HelperInfo; ships: Ship[] }>('monitor')
  expect(helper.pid).toBe(place.helperPid())
  expect(ships.map(({ name }) => name)).toContain('told')
  expect(await place.keelan(['monitor', '--watch'])).toMatchObject({ code: 1, stdout: '' })
})

test('a command with an unknown name among others is refused before anything is done', async () => {
  await place.ok('deploy', 'known-one', ...stays)
  await place.ok('deploy', 'known-two', ...stays)
  const { pid } = await place.ship('known-one')
  for (const command of ['stop', 'restart', 'remove', 'start']) {
    const refused = await place.keelan([command, 'known-one', 'known-tow', 'known-two'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/^keelan: there is no ship known-tow; did you mean "known-two"\?.*\n$/)
  }
  expect(await place.ship('known-one')).toMatchObject({ status: 'running', pid })
  expect(await place.runs('known-one')).toHaveLength(1)
})

test('of several ships a failing one hides no other, and the command fails', async () => {
  await place.keelan(['deploy', 'several-bad', '--no-start', '--', './nowhere'])
  await place.ok('deploy', 'several-good', '--no-start', ...stays)
  const outcome = await place.keelan(['start', 'several-bad', 'several-good'])
  expect(outcome.code).toBe(1)
  expect(outcome.stdout).toMatch(/^several-good: running.*\n$/)
  expect(outcome.stderr).toMatch(/^keelan: .*several-bad.*no such program: \.\/nowhere.*\n$/)
  expect(await place.ship('several-good')).toMatchObject({ status: 'running' })
  const asJson = await place.keelan(['ship', 'restart', 'several-bad', 'several-good', '--json'])
  expect(asJson.code).toBe(1)
  expect(JSON.parse(asJson.stdout)).toMatchObject([
    { name: 'several-bad', ok: false, error: { code: 'FAILED_TO_START' } },
    { name: 'several-good', ok: true, ship: { status: 'running' } },
  ])
})

test.each([
  ['nosuchcommand'],
  ['deploy', 'web'],
  ['deploy', 'Bad Name', '--', 'true'],
  ['deploy', 'web', '--stop-timeout', 'soon', '--', 'true'],
  ['deploy', 'web', '--env', 'novalue', '--', 'true'],
  ['stop'],
  ['stop', 'web', '--all'],
  ['ls', '--nosuch'],
  ['daemon', 'start', '--platform', 'pigeon'],
  ['logs', 'web', '-n', 'many'],
])('wrong usage ends with 2 and one line on stderr: keelan %s %s %s %s', async (...words) => {
  const outcome = await place.keelan(words)
  expect(outcome).toMatchObject({ code: 2, stdout: '' })
  expect(outcome.stderr).toMatch(/^keelan: .+\n$/)
})

test('with no helper running, only deploy, up and start start one; the others end with 3 and say how', async () => {
  const own = workplace()
  own.write('Keelanfile.yml', 'ships:\n  web: {command: [sleep, "1000"]}\n')
  const others =
    'ls;stop --all;restart web;remove web;show web;logs web;history web;events;events -f;monitor;down'.split(';')
  for (const words of [...others, 'daemon stop --ships']) {
    const outcome = await own.keelan(words.split(' '))
    expect({ words, code: outcome.code, stdout: outcome.stdout }).toEqual({ words, code: 3, stdout: '' })
    expect(outcome.stderr).toMatch(/^keelan: the helper is not running.*`keelan daemon start`\.\n$/)
  }
  expect(await own.keelan(['daemon', 'status'])).toMatchObject({ code: 3, stderr: '' })
  for (const words of [['deploy', 'web', ...stays], ['start', 'web'], ['up']]) {
    const outcome = await own.keelan(words)
    expect(outcome).toMatchObject({ code: 0, stderr: expect.stringContaining('started it') as string })
    await own.ok('daemon', 'stop')
  }
})

test.each(['telegram', 'signal'])('--platform %s is refused by name as not yet available', async (platform) => {
  const own = workplace()
  const refused = await own.keelan(['daemon', 'start', '--platform', platform])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(new RegExp(`^keelan: --platform ${platform} is not yet available.*\n$`))
  expect(await own.keelan(['daemon', 'status'])).toMatchObject({ code: 3 })
})

/** What a command prints on a terminal. */
const onTerminal = async (script: string, env: NodeJS.ProcessEnv = {}): Promise<string> =>
  (await run(['script', '-qec', script, '/dev/null'], { env: { ...place.env, TERM: 'xterm', ...env } })).stdout

test('colours are for terminals, and never with NO_COLOR', async () => {
  await place.ok('deploy', 'coloured', ...stays)
  const script = `stty cols 120 && ${keelanPath} ls`
  expect(await onTerminal(script)).toContain('\x1b[32mrunning')
  const plain = await onTerminal(script, { NO_COLOR: '1' })
  expect(plain).toMatch(/coloured +running/)
  for (const text of [plain, await place.ok('ls'), await place.ok('show', 'coloured'), await place.ok('events')])
    expect(text).not.toContain('\x1b[')
})

test('a terminal that does not tell its size gets whole lines', async () => {
  await place.ok('deploy', 'sizeless', ...stays)
  for (const command of ['ls', 'monitor', 'history sizeless'])
    expect(await onTerminal(`stty cols 0 rows 0; ${keelanPath} ${command}`, { NO_COLOR: '1' })).toMatch(/\d+s|\d+ms/)
})

test('bash completes commands, options, ships and files, with the command as it is linked', async () => {
  await place.ok('deploy', 'completed-one', ...stays)
  await place.ok('deploy', 'completed-two', ...stays)
  mkdirSync(join(place.folder, 'linked'))
  symlinkSync(keelanPath, join(place.folder, 'linked', 'keelan'))
  place.write('my keelanfile.yml', '')
  const env = { ...place.env, PATH: `${join(place.folder, 'linked')}:${place.env['PATH']}` }
  const complete = async (...words: string[]): Promise<string[]> => {
    const script =
      'source <(keelan completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _keelan; printf "%s\\n" "${COMPREPLY[@]}"'
    const { stdout, stderr } = await run(['bash', '-c', script, 'bash', 'keelan', ...words], { env, cwd: place.folder })
    expect(stderr).toBe('')
    return stdout.split('\n').filter(Boolean)
  }
  expect(await complete('st')).toEqual(['start', 'stop'])
  expect(await complete('stop', 'completed-')).toEqual(['completed-one', 'completed-two'])
  expect(await complete('stop', 'completed-one', 'completed-')).toEqual(['completed-two'])
  expect(await complete('up', '--dr')).toEqual(['--dry-run'])
  expect(await complete('deploy', 'x', '--restart', 'on')).toEqual(['on-failure'])
  expect(await complete('up', '--file', 'my')).toEqual(['my keelanfile.yml'])
})

test('a ship may call `keelan`, and manage other ships, and itself', async () => {
  await place.ok('deploy', 'managed', ...stays)
  const { pid } = await place.ship('managed')
  const script = `${keelanPath} ls && ${keelanPath} stop managed && ${keelanPath} restart manager; echo unreachable`
  await place.ok('deploy', 'manager', '--max-restarts', '0', '--', `if rm once; then ${script}; fi; exec sleep 1000`)
  place.write('once', '')
  await place.ok('restart', 'manager')
  await place.untilLog('manager', /managed +running[^]*managed: stopped/)
  expect(isThere(pid ?? 0)).toBe(false)
  await eventually(() => place.runs('manager')).toMatchObject([
    { endedAt: null },
    { reason: 'asked' },
    { reason: 'asked' },
  ])
  expect(place.logOf('manager')).not.toMatch(/^unreachable$/m)
})

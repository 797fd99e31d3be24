import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { failure, fakeHelper, someShip, stopped } from './testing/fake-helper.ts'
import { testContext, typed } from './testing/test-context.ts'

const listing =
  (...names: string[]) =>
  () => ({ stream: 's', seq: 1, ships: names.map((name) => someShip(name)) })

describe('wrong usage ends with 2, one line and the way out', () => {
  test.each([
    [['nope'], "keelan: unknown command 'nope'. `keelan --help` shows what there is.\n"],
    [['lgos'], "keelan: unknown command 'lgos'; did you mean logs? `keelan --help` shows what there is.\n"],
    [['stop'], 'keelan: say which ships: their names, or --all\n'],
    [['start', '--all', 'web'], 'keelan: give names or --all, not both\n'],
    [['deploy', 'web'], "keelan: missing required argument 'command'. `keelan deploy --help` shows what there is.\n"],
    [
      ['deploy', 'web', '-m', 'x'],
      "keelan: unknown option '-m' (what the ship itself is to get goes after --). `keelan deploy --help` shows what there is.\n",
    ],
    [['deploy', 'web', '--nice', '99', '--', 'x'], 'keelan: --nice: must be at most 19\n'],
    [
      ['deploy', 'web', '--', ''],
      'keelan: command: must be one line for sh -c, or a list of the program and its arguments\n',
    ],
    [['deploy', 'We b', '--', 'x'], /^keelan: We b is no name for a ship: it must be 1 to 63 of .*\n$/],
    [
      ['history', 'web', '-n', 'x'],
      /^keelan: option '-n, --lines <number>' argument 'x' is invalid\. It must be .*\n$/,
    ],
    [['logs', 'web', '--all', '-n', '1'], 'keelan: give --all or -n, not both\n'],
    [
      ['daemon', 'strat'],
      "keelan: unknown command 'strat'; did you mean start? `keelan daemon --help` shows what there is.\n",
    ],
    [
      ['settings', 'quiet-hours', '22-7'],
      "keelan: command-argument value '22-7' is invalid for argument 'hours'. It must be two times of day, as in 22:00-07:00, or off. `keelan settings quiet-hours --help` shows what there is.\n",
    ],
    [['settings', 'interval', '0'], /It must be a number of seconds, 1 to 86400\./],
    [['incidents', 'No'], 'keelan: No is no name of a ship\n'],
    [['ship', 'stop'], 'keelan: say which ships: their names, or --all\n'],
    [['remove', '--all'], 'keelan: remove --all asks first, and there is no terminal to ask on: add --yes\n'],
  ])('%j', async (words, message) => {
    const { code, stdout, stderr } = await typed(testContext(), ...words)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
  })

  test('a command that is only a heading shows its help', async () => {
    expect(await typed(testContext())).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage: keelan') })
    expect(await typed(testContext(), 'daemon')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Usage: keelan daemon'),
    })
  })
})

test('help and version are asked for, and end with 0', async () => {
  expect(await typed(testContext(), '--version')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  })
  for (const words of [
    ['help', 'deploy'],
    ['deploy', '--help'],
    ['help', 'ship', 'deploy'],
  ])
    expect(await typed(testContext(), ...words)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--stop-timeout <duration>'),
    })
})

describe('with no helper running', () => {
  test.each([
    ['ls'],
    ['stop web'],
    ['restart --all'],
    ['remove web'],
    ['show web'],
    ['logs web'],
    ['logs web -f'],
    ['history web'],
    ['events'],
    ['events -f'],
    ['incidents'],
    ['settings'],
    ['settings theme dark'],
    ['monitor'],
    ['down --all'],
  ])('%s ends with 3 and the way out', async (line) => {
    const { code, stdout, stderr } = await typed(testContext(), ...line.split(' '))
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/^keelan: the helper is not running.*`keelan daemon start`\.\n$/)
  })

  test('daemon status says so with what the last helper left, in words and as JSON', async () => {
    const context = testContext()
    const base = context.env['BASE_DIRECTORY']!
    mkdirSync(join(base, 'run'), { recursive: true })
    mkdirSync(join(base, 'logs'))
    const status = {
      status: 'error',
      start_time: null,
      stop_time: null,
      pid: 7,
      platform: 'console',
      error: 'the disk is full',
    }
    writeFileSync(join(base, 'run/keelan_status.json'), JSON.stringify(status))
    writeFileSync(join(base, 'logs/monitor-daemon.log'), 'one\ntwo\n')
    const { code, stdout } = await typed(context, 'daemon', 'status', '-n', '1')
    expect(code).toBe(3)
    expect(stdout).toMatch(/^not running\n.*pid 7, error\n.*the disk is full\n[^]*\n {2}two\n$/)
    const json = await typed(context, 'daemon', 'status', '--json')
    expect(json.code).toBe(3)
    expect(JSON.parse(json.stdout)).toMatchObject({ running: false, status, lastLogLines: ['one', 'two'] })
  })

  test('up --dry-run says what it would do, and starts nothing', async () => {
    const context = testContext()
    writeFileSync(join(context.folder, 'Keelanfile.yml'), 'ships: {web: {command: x}}')
    expect(await typed(context, 'up', '--dry-run')).toEqual({
      code: 0,
      stdout: 'web: would be created, or updated if its definition changed, and started\n',
      stderr: 'keelan: the helper is not running: it would be started first, and then compare\n',
    })
  })
})

describe('ls', () => {
  test('is a table, without colours into a pipe, and nothing in it can harm a terminal', async () => {
    const context = testContext()
    const ships = [
      someShip('web', { command: "sh -c 'echo \x1b[2J'" }),
      someShip('db', { ...stopped, exitCode: 3, definitionChanged: true }),
    ]
    await fakeHelper(context, { 'GET /v1/ships': () => ({ stream: 's', seq: 1, ships }) })
    const { code, stdout } = await typed(context, 'ls')
    expect(code).toBe(0)
    expect(stdout.split('\n')).toEqual([
      'NAME  STATUS     PID  UPTIME  RESTARTS  EXIT  COMMAND',
      "web   running   4711   1m 1s         0     -  sh -c 'echo \\x1b[2J'",
      'db    stopped*     -       -         0     3  sleep 1000',
      '* changed, restart to apply',
      '',
    ])
    expect(JSON.parse((await typed(context, 'ship', 'ls', '--json')).stdout)).toEqual(ships)
  })

  test('has colours where FORCE_COLOR says so', async () => {
    const context = testContext({ FORCE_COLOR: '1' })
    await fakeHelper(context, { 'GET /v1/ships': listing('web') })
    expect((await typed(context, 'ls')).stdout).toContain('\x1b[32mrunning\x1b[39m')
  })
})

describe('several ships at once', () => {
  test('a failure of one hides no other', async () => {
    const context = testContext()
    await fakeHelper(context, {
      'GET /v1/ships': listing('a', 'b', 'c'),
      'POST /v1/ships/a/stop': () => someShip('a', stopped),
      'POST /v1/ships/b/stop': () => failure('STOP_INCOMPLETE', 'process 7 is still there'),
      'POST /v1/ships/c/stop': () => someShip('c', stopped),
    })
    const { code, stdout, stderr } = await typed(context, 'stop', '--all')
    expect([code, stdout.split('\n').sort()]).toEqual([1, ['', 'a: stopped', 'c: stopped']])
    expect(stderr).toBe(
      'keelan: b: process 7 is still there. End the processes named by hand, then `keelan stop NAME` again.\n',
    )
    const json = JSON.parse((await typed(context, 'stop', 'b', 'c', '--json')).stdout)
    expect(json).toMatchObject([
      { name: 'b', ok: false, error: { code: 'STOP_INCOMPLETE' } },
      { name: 'c', ok: true, ship: { status: 'stopped' } },
    ])
  })

  test('an unknown name is refused before anything is done', async () => {
    const context = testContext()
    const { asked } = await fakeHelper(context, { 'GET /v1/ships': listing('web', 'api') })
    expect(await typed(context, 'remove', 'api', 'wbe')).toMatchObject({
      code: 1,
      stderr: 'keelan: there is no ship wbe; did you mean "web"? `keelan ls` lists the ships there are.\n',
    })
    expect(asked).toEqual(['GET /v1/ships'])
  })

  test('the time to stop is given on', async () => {
    const context = testContext()
    let asked: unknown
    await fakeHelper(context, {
      'GET /v1/ships': listing('web'),
      'POST /v1/ships/web/restart': (body) => ((asked = body), someShip('web')),
    })
    await typed(context, 'restart', 'web', '--timeout', '1.5s')
    expect(asked).toEqual({ graceMs: 1_500 })
  })
})

describe('deploy', () => {
  test('sends the definition and the part of the environment that a ship takes', async () => {
    const context = testContext({ PATH: '/bin', SECRET: 'x' })
    let body: unknown
    await fakeHelper(context, {
      'PUT /v1/ships': (asked) => (
        (body = asked),
        { ships: [{ name: 'web', action: 'create', ship: someShip('web') }] }
      ),
    })
    const result = await typed(
      context,
      'deploy',
      'web',
      '--env',
      'A=1',
      '--replace',
      '--no-start',
      '--',
      'serve',
      '--port',
      '80',
    )
    expect(result).toEqual({ code: 0, stdout: 'web: running for 1m 1s, pid 4711\n', stderr: '' })
    expect(body).toMatchObject({
      ships: [{ name: 'web', command: ['serve', '--port', '80'], cwd: context.folder, env: { A: '1' } }],
      shellEnvironment: { PATH: '/bin', HOME: '/home/ada', BASE_DIRECTORY: context.env['BASE_DIRECTORY'] },
      replace: true,
      start: false,
      dryRun: false,
    })
    expect(JSON.stringify(body)).not.toContain('SECRET')
  })

  test('a ship that has failed at once is a failure, with the reason', async () => {
    const context = testContext()
    const ship = someShip('web', { ...stopped, status: 'failed', reason: 'no such program: x' })
    await fakeHelper(context, { 'PUT /v1/ships': () => ({ ships: [{ name: 'web', action: 'create', ship }] }) })
    expect(await typed(context, 'deploy', 'web', '--', 'x')).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^keelan: web: failed: no such program: x\. Correct .*`keelan deploy --replace`.*\n$/,
      ),
    })
  })
})

describe('up', () => {
  test('finds the Keelanfile above, and prints what was done to the ships named', async () => {
    const context = testContext()
    writeFileSync(join(context.folder, 'Keelanfile.yaml'), 'ships: {a: {command: x}, b: {command: y}}')
    mkdirSync(join(context.folder, 'deep/down'), { recursive: true })
    let body: unknown
    await fakeHelper(context, {
      'PUT /v1/ships': (asked) => ((body = asked), { ships: [{ name: 'b', action: 'restart', ship: someShip('b') }] }),
    })
    const below = { ...context, folder: join(context.folder, 'deep/down') }
    expect(await typed(below, 'up', 'b')).toEqual({
      code: 0,
      stdout: 'b: updated and restarted; running for 1m 1s, pid 4711\n',
      stderr: '',
    })
    expect(body).toMatchObject({
      ships: [{ name: 'b', cwd: context.folder }],
      replace: true,
      start: true,
      dryRun: false,
    })
    await typed(below, 'up', '--dry-run')
    expect(body).toMatchObject({ dryRun: true })
  })

  test('refuses a wrong Keelanfile with every fault, and asks the helper for nothing', async () => {
    const context = testContext()
    const file = join(context.folder, 'k.yml')
    writeFileSync(file, 'ships:\n  web:\n    comand: x\n    restart: 1\n')
    const { asked } = await fakeHelper(context, {})
    expect(await typed(context, 'up', '--file', 'k.yml')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        `${file}: line 3, column 5: ships.web.comand: is not a key that is known here; did you mean "command"?\n` +
        `${file}: line 4, column 14: ships.web.restart: must be always, on-failure or no; got 1\n` +
        `keelan: ${file} has 2 faults. Correct the lines named; nothing was changed.\n`,
    })
    expect(asked).toEqual([])
  })

  test.each([
    [['up'], /there is no Keelanfile\.yml in .* or above it; `keelan init` writes one/],
    [['up', '-f', 'nope.yml'], /nope\.yml cannot be read: there is no such file/],
    [['up', '-f', 'binary.yml'], /binary\.yml cannot be read: it is not UTF-8/],
    [['up', '-f', 'good.yml', 'wbe'], /good\.yml names no ship wbe; did you mean "web"\?/],
  ])('%j is refused', async (words, message) => {
    const context = testContext()
    writeFileSync(join(context.folder, 'binary.yml'), Buffer.from([0xff, 0xfe]))
    writeFileSync(join(context.folder, 'good.yml'), 'ships: {web: {command: x}}')
    const { code, stderr } = await typed(context, ...words)
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)])
  })
})

test('down stops the ships of the Keelanfile that are there', async () => {
  const context = testContext()
  writeFileSync(join(context.folder, 'Keelanfile.yml'), 'ships: {a: {command: x}, b: {command: y}}')
  await fakeHelper(context, {
    'GET /v1/ships': listing('a', 'other'),
    'POST /v1/ships/a/stop': () => someShip('a', stopped),
  })
  expect(await typed(context, 'down')).toEqual({ code: 0, stdout: 'a: stopped\n', stderr: 'b: is not deployed\n' })
})

test('init writes a Keelanfile that up takes, and replaces none unless told to', async () => {
  const context = testContext()
  expect(await typed(context, 'init')).toMatchObject({ code: 0 })
  expect(await typed(context, 'up', '--dry-run')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^hello: /) })
  writeFileSync(join(context.folder, 'Keelanfile.yml'), 'mine')
  expect(await typed(context, 'init')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--force replaces it'),
  })
  expect(await typed(context, 'init', '--force')).toMatchObject({ code: 0 })
  expect(readFileSync(join(context.folder, 'Keelanfile.yml'), 'utf8')).toContain('hello:')
})

describe('logs', () => {
  const detail = (split: boolean) => () => ({ ship: someShip('web'), definition: { log: { split } }, logFiles: [] })

  test('gives the bytes as they are', async () => {
    const context = testContext()
    const { asked } = await fakeHelper(context, {
      'GET /v1/ships/web': detail(false),
      'GET /v1/ships/web/log': (_, __, response) =>
        void response.setHeader('keelan-log-from', '1:0').end('\x1b[2Jé\r\n'),
    })
    expect(await typed(context, 'logs', 'web')).toEqual({ code: 0, stdout: '\x1b[2Jé\r\n', stderr: '' })
    expect(asked[1]).toBe('GET /v1/ships/web/log?stream=stdout&format=raw&lines=50')
  })

  test('puts times before lines', async () => {
    const context = testContext()
    const entry = {
      position: '1:0',
      next: '1:4',
      time: '2026-11-22T10:00:00.500Z',
      exact: true,
      text: '\ufffd',
      base64: Buffer.from('a').toString('base64'),
    }
    await fakeHelper(context, {
      'GET /v1/ships/web': detail(false),
      'GET /v1/ships/web/log': (_, __, response) =>
        void response.setHeader('keelan-log-from', '1:0').end(`${JSON.stringify(entry)}\n`),
    })
    expect(await typed(context, 'logs', 'web', '-t')).toEqual({
      code: 0,
      stdout: '2026-11-22T10:00:00Z a\n',
      stderr: '',
    })
  })

  test.each([
    [['--grep', 'x'], 'stream=stdout&format=json&grep=x'],
    [['--all'], 'stream=stdout&format=raw'],
    [['-n', '0', '-t'], 'stream=stdout&format=json&lines=0'],
    [['--since', '2026-11-22T10:00:00Z'], 'stream=stdout&format=raw&since=2026-11-22T10%3A00%3A00.000Z'],
    [['--stderr'], 'stream=stderr&format=raw&lines=50'],
  ])('%j asks for %s', async (words, query) => {
    const context = testContext()
    const { asked } = await fakeHelper(context, {
      'GET /v1/ships/web': detail(true),
      'GET /v1/ships/web/log': (_, __, response) => void response.end(),
    })
    await typed(context, 'logs', 'web', ...words)
    expect(asked[1]).toBe(`GET /v1/ships/web/log?${query}`)
  })

  test('--stderr of a ship with one log is refused with the way out', async () => {
    const context = testContext()
    await fakeHelper(context, { 'GET /v1/ships/web': detail(false) })
    expect(await typed(context, 'logs', 'web', '--stderr')).toMatchObject({
      code: 1,
      stderr: 'keelan: web keeps stdout and stderr in one log: leave --stderr out, or deploy it with --split-log\n',
    })
  })
})

test('a chat platform of a later version is refused by name', async () => {
  expect(await typed(testContext(), 'daemon', 'start', '--platform', 'telegram')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--platform telegram is not yet available in this version'),
  })
})

describe('settings', () => {
  const before = {
    notifications: true,
    mutedShips: ['web'],
    quietHours: null,
    theme: 'system',
    intervalSeconds: 30,
  } as const

  test.each([
    ['notifications off', { notifications: false }],
    ['quiet-hours 22:00-07:00', { quietHours: { from: '22:00', to: '07:00' } }],
    ['quiet-hours off', { quietHours: null }],
    ['mute db web', { mutedShips: ['web', 'db'] }],
    ['unmute web', { mutedShips: [] }],
    ['interval 2.5', { intervalSeconds: 2.5 }],
    ['theme dark', { theme: 'dark' }],
  ])('%s changes that one, and shows them all', async (line, change) => {
    const context = testContext()
    const sent: unknown[] = []
    await fakeHelper(context, {
      'GET /v1/settings': () => before,
      'PUT /v1/settings': (body) => {
        sent.push(body)
        return { ...before, ...change }
      },
    })
    const { code, stdout } = await typed(context, 'settings', ...line.split(' '))
    expect(code).toBe(0)
    expect(sent).toEqual([change])
    expect(
      stdout
        .trim()
        .split('\n')
        .map((each) => each.split('  ')[0]),
    ).toEqual(['notifications', 'muted', 'quiet hours', 'theme', 'interval'])
  })

  test('are shown in words, and as JSON', async () => {
    const context = testContext()
    await fakeHelper(context, { 'GET /v1/settings': () => ({ ...before, quietHours: { from: '22:00', to: '07:00' } }) })
    const { stdout } = await typed(context, 'settings')
    expect(stdout).toBe(
      'notifications  on\nmuted          web\nquiet hours    22:00-07:00\ntheme          system\ninterval       30 s\n',
    )
    expect(JSON.parse((await typed(context, 'settings', '--json')).stdout)).toMatchObject({ mutedShips: ['web'] })
  })
})

test('incidents are listed with why they began and whether they are over', async () => {
  const context = testContext()
  const incident = {
    id: 2,
    ship: 'web',
    openedAt: '2026-11-22T10:00:00.000Z',
    closedAt: '2026-11-22T10:01:02.000Z',
    outcome: 'recovered',
    failures: 14,
    reason: 'exited with code 7\u001b[2J',
    lastReason: 'exited with code 8',
  }
  const open = { ...incident, id: 1, closedAt: null, outcome: null }
  const { asked } = await fakeHelper(context, { 'GET /v1/incidents': () => ({ incidents: [incident, open] }) })
  const { stdout } = await typed(context, 'incidents', 'web', '--open', '-n', '2')
  const [, first, second] = stdout.split('\n')
  expect(first).toMatch(/^\S+ \S+ +web +1m 2s +14 +recovered +exited with code 7\\x1b\[2J$/)
  expect(second).toMatch(/ 14 +no +exited/)
  expect(asked).toEqual(['GET /v1/incidents?limit=2&ship=web&open=true'])
  expect(JSON.parse((await typed(context, 'incidents', '--json', '-n', '2')).stdout)).toEqual([incident, open])
})

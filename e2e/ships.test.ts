import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bytesMoved, cpuMs, descriptorsOf, standing } from './testing/processes.ts'
import { eventually, isThere, sharedWorkplace } from './testing/workplace.ts'

/** Real programs as ships. Every test has ships of its own in one workplace. */
const place = sharedWorkplace()

/** A port that nothing listens on. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })

const answerOf = (port: number, path: string): Promise<string> =>
  fetch(`http://127.0.0.1:${port}${path}`).then(
    (reply) => reply.text(),
    () => 'no answer',
  )

test("Python's http.server answers, is killed, and answers again under another pid", async () => {
  place.write('hello.txt', 'ahoy\n')
  const port = await freePort()
  const server = ['python3', '-u', '-m', 'http.server', '--bind', '127.0.0.1', String(port)]
  await place.ok('deploy', 'python', '--', ...server)
  await eventually(() => answerOf(port, '/hello.txt')).toBe('ahoy\n')
  const { pid } = await place.ship('python')
  process.kill(pid ?? 0, 'SIGKILL')
  await eventually(() => place.ship('python')).toMatchObject({ status: 'running', restarts: 1 })
  await eventually(() => answerOf(port, '/hello.txt')).toBe('ahoy\n')
  expect((await place.ship('python')).pid).not.toBe(pid)
  expect(place.logOf('python').match(/"GET \/hello\.txt HTTP\/1\.1" 200/g)).toHaveLength(2)
  expect(await place.runs('python')).toMatchObject([
    { endedAt: null },
    { pid, signal: 'SIGKILL', exitCode: null, reason: 'killed', helperAway: false },
  ])
  expect(await place.ok('history', 'python')).toContain('was killed by SIGKILL')
  await place.ok('stop', 'python')
  expect(await answerOf(port, '/hello.txt')).toBe('no answer')
})

test('a Node server has its environment and its folder, and ends in its own way when it is stopped', async () => {
  place.write(
    'server.js',
    `require('http').createServer((_, reply) => reply.end(process.env.GREETING + process.cwd())).listen(Number(process.env.PORT), '127.0.0.1')
     process.on('SIGTERM', () => { console.log('good bye'); process.exit(0) })`,
  )
  const port = await freePort()
  const options = ['--env', 'GREETING=ahoy from ', '--env', `PORT=${port}`]
  await place.ok('deploy', 'node', ...options, '--', process.execPath, 'server.js')
  await eventually(() => answerOf(port, '/')).toBe(`ahoy from ${place.folder}`)
  await place.ok('stop', 'node')
  expect(place.logOf('node')).toBe('good bye\n')
  expect(await place.ship('node')).toMatchObject({ status: 'stopped', wish: 'down', pid: null, exitCode: 0 })
  expect(await place.runs('node')).toMatchObject([{ reason: 'asked', exitCode: 0, signal: null }])
})

test('a script that ignores SIGTERM is asked first and killed when its time is over, and nothing of it is left', async () => {
  const script = 'trap "echo asked" TERM; echo ready; while :; do sleep 0.05; done'
  await place.ok('deploy', 'stubborn', '--stop-timeout', '300ms', '--', script)
  await place.untilLog('stubborn', /ready/)
  const { pid } = await place.ship('stubborn')
  await place.ok('stop', 'stubborn')
  expect(isThere(pid ?? 0)).toBe(false)
  expect(place.processesOf('stubborn')).toEqual([])
  expect(place.logOf('stubborn')).toContain('asked')
  expect(await place.ship('stubborn')).toMatchObject({ status: 'stopped', signal: 'SIGKILL' })
  expect(await place.ok('events', '--ship', 'stubborn')).toContain('did not stop in time')
})

test('a ship is asked to end by the signal that it names', async () => {
  const script = 'trap "echo by INT; exit 0" INT; trap "" TERM; echo ready; while :; do sleep 0.05; done'
  await place.ok('deploy', 'polite', '--stop-signal', 'int', '--', script)
  await place.untilLog('polite', /ready/)
  await place.ok('stop', 'polite')
  expect(place.logOf('polite')).toContain('by INT')
  expect(await place.ship('polite')).toMatchObject({ exitCode: 0, signal: null })
})

/** Forks twice, leaves session and group, and forgets its environment: as hard to find as a program gets. */
const daemonise = '(setsid env -i sleep 1000 & echo $!)'

test('what a ship has daemonised is ended with it when it is stopped', async () => {
  await place.ok('deploy', 'forker', '--', `${daemonise}; exec sleep 1000`)
  const daemon = Number((await place.untilLog('forker', /\d+\n/)).trim())
  expect(isThere(daemon)).toBe(true)
  await place.ok('stop', 'forker')
  expect(isThere(daemon)).toBe(false)
})

test('a program that daemonises itself has ended as a ship, and what it left running is ended too', async () => {
  await place.ok('deploy', 'leaver', '--', daemonise)
  await place.until('leaver', 'stopped')
  expect(await place.ship('leaver')).toMatchObject({ exitCode: 0, reason: 'ended by itself' })
  expect(isThere(Number(place.logOf('leaver')))).toBe(false)
  expect(await place.ok('events', '--ship', 'leaver')).toContain('that leaver left behind')
})

test('a child that outlives its ship is ended before the ship starts again', async () => {
  const first = place.write('outlived', '')
  const script = `if rm ${first}; then sleep 1000 & echo $!; exit 3; fi; ps -o pid= -p "$(head -1 $LOG)" || echo gone; exec sleep 1000`
  await place.ok('deploy', 'parent', '--env', `LOG=${join(place.paths.shipLogs, 'parent.log')}`, '--', script)
  const log = await place.untilLog('parent', /gone/)
  expect(isThere(Number(/^\d+/.exec(log)?.[0]))).toBe(false)
  expect(await place.until('parent', 'running')).toMatchObject({ restarts: 1 })
  expect(await place.runs('parent')).toMatchObject([{ endedAt: null }, { exitCode: 3, reason: 'crashed' }])
  await place.ok('stop', 'parent')
})

test('a ship that kills its whole group with SIGKILL takes nobody with it and comes back', async () => {
  const first = place.write('suicidal', '')
  await place.ok('deploy', 'suicidal', '--', `rm ${first} && kill -KILL 0; echo survived; exec sleep 1000`)
  await place.untilLog('suicidal', /survived/)
  expect(await place.until('suicidal', 'running')).toMatchObject({ restarts: 1, signal: 'SIGKILL' })
  expect(isThere(place.helperPid())).toBe(true)
  await place.ok('stop', 'suicidal')
})

test('a script that exits 7 has failed with that code, in words, in the listing and in the history', async () => {
  const outcome = await place.keelan(['deploy', 'seven', '--restart', 'no', '--', 'echo out of luck; exit 7'])
  // It may be seen running for a moment, or have failed by then.
  expect([0, 1]).toContain(outcome.code)
  const ship = await place.until('seven', 'failed')
  expect(ship).toMatchObject({ exitCode: 7, signal: null, pid: null, restarts: 0 })
  expect(ship.reason).toMatch(/^exited with code 7 after .+, and restart is "no"$/)
  expect(await place.runs('seven')).toMatchObject([{ exitCode: 7, reason: 'crashed' }])
  expect(await place.ok('history', 'seven')).toMatch(/exited with code 7 after/)
  expect(await place.ok('ls')).toMatch(/^seven +failed +- +- +0 +7 /m)
  expect(place.logOf('seven')).toBe('out of luck\n')
})

test('200 MB of output are in the log to the last byte, and none of it passes through the helper', async () => {
  const go = join(place.folder, 'go')
  const script = `while [ ! -e ${go} ]; do sleep 0.05; done; yes keelan | head -c 200000000`
  await place.ok('deploy', 'loud', '--restart', 'no', '--', script)
  const before = { moved: bytesMoved(place.helperPid()), cpu: cpuMs(place.helperPid()) }
  place.write('go', '')
  await place.until('loud', 'stopped')
  const moved = bytesMoved(place.helperPid()) - before.moved
  console.log(`helper: ${cpuMs(place.helperPid()) - before.cpu} ms of CPU, ${moved} bytes read and written meanwhile`)
  const log = join(place.paths.shipLogs, 'loud.log')
  expect(statSync(log).size).toBe(200_000_000)
  expect(firstOther(log, Buffer.from('keelan\n'.repeat(100_000)))).toBe(-1)
  expect(moved).toBeLessThan(2_000_000)
})

/** Where a file differs from `pattern` over and over; -1 if it does not. */
function firstOther(file: string, pattern: Buffer): number {
  const fd = openSync(file, 'r')
  try {
    const chunk = Buffer.alloc(pattern.length)
    for (let at = 0; ; at += pattern.length) {
      const length = readSync(fd, chunk, 0, chunk.length, at)
      if (!chunk.subarray(0, length).equals(pattern.subarray(0, length))) return at
      if (length < chunk.length) return -1
    }
  } finally {
    closeSync(fd)
  }
}

test('a ship reads nothing, holds nothing of ours, and leads a session of its own', async () => {
  await place.ok('deploy', 'plain', '--', 'cat; echo nothing to read; exec sleep 1000')
  await place.untilLog('plain', /nothing to read/)
  const { pid } = await place.ship('plain')
  const log = join(place.paths.shipLogs, 'plain.log')
  await eventually(() => [...descriptorsOf(pid ?? 0)]).toEqual([
    [0, '/dev/null'],
    [1, log],
    [2, log],
  ])
  const [shim = 0] = place.shimsOf('plain')
  expect(standing(pid ?? 0)).toEqual({ parent: shim, session: pid, terminal: 0 })
  expect(standing(shim)).toMatchObject({ session: shim, terminal: 0 })
  await place.ok('stop', 'plain')
  expect(place.shimsOf('plain').filter(isThere)).toEqual([])
})

test('stdout and stderr are in one log in their exact order', async () => {
  const script = 'n=0; while [ $n -lt 500 ]; do n=$((n+1)); echo "out $n"; echo "err $n" >&2; done'
  await place.ok('deploy', 'ordered', '--', script)
  await place.until('ordered', 'stopped')
  const expected = Array.from({ length: 500 }, (_, index) => `out ${index + 1}\nerr ${index + 1}\n`).join('')
  expect(place.logOf('ordered')).toBe(expected)
  const refused = await place.keelan(['logs', 'ordered', '--stderr'])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toContain('one log')
})

test('with --split-log each of stdout and stderr has a log, and --stdout and --stderr choose', async () => {
  await place.ok('deploy', 'parted', '--split-log', '--', 'echo out; echo err >&2; echo out again')
  await place.until('parted', 'stopped')
  expect(place.logOf('parted')).toBe('out\nout again\n')
  expect(await place.ok('logs', 'parted')).toBe('out\nout again\n')
  expect(await place.ok('logs', 'parted', '--stdout')).toBe('out\nout again\n')
  expect(await place.ok('logs', 'parted', '--stderr')).toBe('err\n')
})

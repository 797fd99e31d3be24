import { execFileSync } from 'node:child_process'
import { chmodSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inheritedVariables } from '../helper/api/definition.ts'
import { run } from './testing/commands.ts'
import { commandOf, environmentOf, processesWhere } from './testing/processes.ts'
import { isRoot } from './testing/users.ts'
import { sharedWorkplace } from './testing/workplace.ts'

/** What a ship is given: variables, limits, a user, a root; and who may see it. Every test has ships of its own. */
const shell = { LANG: 'C.UTF-8', LC_TIME: 'de_DE.UTF-8', TZ: 'Asia/Tokyo', XDG_DATA_HOME: '/data', DISPLAY: ':99' }
const place = sharedWorkplace({ env: { ...shell, SSH_AUTH_SOCK: '/run/agent', PERSONAL: 'from the shell' } })

/** The environment as the ship of this name printed it with `env`. */
const printed = async (name: string): Promise<Record<string, string>> => {
  await place.until(name, 'stopped')
  return Object.fromEntries(
    place
      .logOf(name)
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  ) as Record<string, string>
}

const isInherited = (name: string): boolean =>
  inheritedVariables.some((known) => name === known || (known.endsWith('*') && name.startsWith(known.slice(0, -1))))

test('a ship has what is needed of the shell that deployed it, then env_file, then env, and nothing else', async () => {
  const first = place.write('first.env', 'FROM=first file\nONE="1 # not a comment"\nTZ=Europe/Berlin\n')
  const second = place.write('second.env', 'FROM=second file\nTWO=2\n')
  const files = ['--env-file', first, '--env-file', 'second.env']
  await place.ok('deploy', 'env', ...files, '--env', 'TWO=option', '--env', 'EMPTY=', '--', 'env')
  const { KEELAN_SHIM, ...variables } = await printed('env')
  expect(KEELAN_SHIM).toMatch(/^\w+-\w+$/)
  expect(variables).toEqual({
    ...Object.fromEntries(Object.entries(place.env).filter(([name]) => isInherited(name))),
    FROM: 'second file',
    ONE: '1 # not a comment',
    TWO: 'option',
    EMPTY: '',
    TZ: 'Europe/Berlin',
    KEELAN_SHIP: 'env',
  })
  expect(variables).toMatchObject({ LC_TIME: 'de_DE.UTF-8', XDG_DATA_HOME: '/data', SSH_AUTH_SOCK: '/run/agent' })
  expect(variables).not.toHaveProperty('PERSONAL')
  writeFileSync(second, 'FROM=changed\n')
  await place.ok('start', 'env')
  expect(await printed('env')).toMatchObject({ FROM: 'changed', TWO: 'option' })
})

test('a ship runs with the PATH of the shell that deployed it, not of the one that started the helper', async () => {
  mkdirSync(join(place.folder, 'bin'))
  place.write('bin/only-here', '#!/bin/sh\necho found; exec sleep 1000\n', 0o755)
  await place.ok('daemon', 'start')
  const env = { PATH: `${join(place.folder, 'bin')}:${place.env['PATH']}` }
  expect(await place.keelan(['deploy', 'path', '--', 'only-here'], { env })).toMatchObject({ code: 0 })
  await place.untilLog('path', /found/)
  await place.ok('restart', 'path')
  await place.untilLog('path', /found\nfound/)
})

test('with --inherit-env a ship has all of the environment of the shell', async () => {
  await place.ok('deploy', 'all', '--inherit-env', '--env', 'MORE=1', '--', 'env')
  const { KEELAN_SHIM: _shim, ...variables } = await printed('all')
  expect(variables).toEqual({ ...place.env, MORE: '1', KEELAN_SHIP: 'all' })
})

test('an env_file that is missing is refused by name, and nothing is deployed', async () => {
  const refused = await place.keelan(['deploy', 'lost', '--env-file', 'missing.env', '--', 'env'])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain(join(place.folder, 'missing.env'))
  expect(await place.keelan(['show', 'lost'])).toMatchObject({ code: 1 })
})

test('the value of a variable is seen by the ship, and by who asks for it with --env, but nowhere else', async () => {
  const [secret, fromFile] = ['swordfish-4711', 'swordfish-4712']
  const file = place.write('secret.env', `PASSWORD=${fromFile}\n`, 0o600)
  const command = 'echo "$TOKEN $PASSWORD" | tr a-z A-Z; exec sleep 1000'
  await place.ok('deploy', 'secret', '--env', `TOKEN=${secret}`, '--env-file', file, '--', command)
  await place.untilLog('secret', /SWORDFISH-4711 SWORDFISH-4712/)
  await place.ok('restart', 'secret')
  const api = [
    '/v1/ships',
    '/v1/ships/secret',
    '/v1/ships/secret/runs',
    '/v1/events?follow=false&last=1000',
    '/v1/helper',
  ]
  const shown = [
    await place.ok('show', 'secret'),
    ...(await Promise.all(
      ['show secret', 'ls', 'monitor', 'history secret'].map((words) => place.ok(...words.split(' '), '--json')),
    )),
    ...(await Promise.all(
      api.map(
        async (path) =>
          (await run(['curl', '-sS', '--unix-socket', place.paths.socket, `http://keelan${path}`])).stdout,
      ),
    )),
    place.helperLog(),
  ]
  for (const text of shown) expect(text).not.toContain('swordfish')
  expect(shown[0]).toMatch(/TOKEN: .*\*\*\*/)
  expect(await place.ok('show', 'secret', '--env')).toContain(secret)
  // What any user of the machine sees with ps, and what helper and shim hand on.
  expect(processesWhere((pid) => commandOf(pid).includes('swordfish'))).toEqual([])
  const [shim = 0] = place.shimsOf('secret')
  expect(Object.keys(environmentOf(shim))).toEqual(['KEELAN_PART', 'PATH'])
  expect(commandOf(shim)).not.toContain('secret')
})

test('all that is stored is for its owner alone', async () => {
  await place.ok('deploy', 'stored', '--split-log', '--', 'umask; echo err >&2; exec sleep 1000')
  const log = await place.untilLog('stored', /\d/)
  // A ship has the usual file mode mask nevertheless.
  expect(log.trim()).toBe('0022')
  const all = readdirSync(place.paths.base, { recursive: true, encoding: 'utf8' }).map((path) =>
    join(place.paths.base, path),
  )
  const open = [place.paths.base, ...all].filter((path) => (lstatSync(path).mode & 0o077) !== 0)
  expect(open).toEqual([])
  const names = all.join('\n')
  for (const known of ['keelan.db', 'keelan.sock', 'journal', 'definition.json', 'spec', 'stored@stderr.log'])
    expect(names).toContain(known)
})

test('limits and nice are those of the definition', async () => {
  const limits = ['--limits-open-files', '123', '--limits-address-space', '2GiB', '--limits-cpu-time', '2m']
  const script = 'ulimit -n; ulimit -Hn; ulimit -v; ulimit -t; ulimit -c; nice'
  await place.ok('deploy', 'limited', ...limits, '--limits-core-size', '0', '--nice', '7', '--', script)
  await place.until('limited', 'stopped')
  expect(place.logOf('limited').trim().split('\n')).toEqual(['123', '123', String(2 * 1024 ** 2), '120', '0', '7'])
})

test.skipIf(!isRoot)(
  'as root, a ship runs as the user and group it names, with what belongs to that user (needs root)',
  async () => {
    const script =
      'id -un; id -gn; id -G; echo "$HOME $USER $LOGNAME"; echo "$SSH_AUTH_SOCK"; touch /tmp/keelan-by-$$ && ls -l /tmp/keelan-by-$$ | cut -d" " -f3; rm /tmp/keelan-by-$$'
    await place.ok('deploy', 'user', '--user', 'nobody', '--cwd', '/', '--', script)
    await place.until('user', 'stopped')
    const group = execFileSync('id', ['-gn', 'nobody'], { encoding: 'utf8' }).trim()
    const id = execFileSync('id', ['-G', 'nobody'], { encoding: 'utf8' }).trim()
    const home = execFileSync('sh', ['-c', 'echo ~nobody'], { encoding: 'utf8' }).trim()
    expect(place.logOf('user').trim().split('\n')).toEqual(['nobody', group, id, `${home} nobody nobody`, '', 'nobody'])
    await place.ok('deploy', 'group', '--group', 'daemon', '--', 'id -un; id -gn')
    await place.until('group', 'stopped')
    expect(place.logOf('group').trim().split('\n')).toEqual([userInfo().username, 'daemon'])
  },
)

test.skipIf(!isRoot)('as root, a ship is confined to its root folder (needs root)', async () => {
  const root = join(place.folder, 'jail')
  mkdirSync(join(root, 'srv'), { recursive: true })
  writeFileSync(join(root, 'marker'), 'inside\n')
  const source = place.write(
    'jail.c',
    `#include <stdio.h>
     #include <unistd.h>
     int main(void) {
       char folder[4096] = "", line[64] = "";
       FILE *marker = fopen("/marker", "r");
       if (marker) fgets(line, sizeof line, marker);
       printf("%u %u %s %s", getuid(), getgid(), getcwd(folder, sizeof folder), line);
       printf("%d %d\\n", access("/etc/passwd", F_OK), access("../../../../../../../../etc/passwd", F_OK));
       fflush(stdout);
       pause();
     }`,
  )
  execFileSync('cc', ['-static', '-o', join(root, 'program'), source])
  for (const path of [root, join(root, 'srv'), join(root, 'program')]) chmodSync(path, 0o755)
  chmodSync(join(root, 'marker'), 0o644)
  await place.ok('deploy', 'jailed', '--root', 'jail', '--user', 'nobody', '--cwd', '/srv', '--', '/program')
  const log = await place.untilLog('jailed', /\n.*\n/)
  const [uid, gid] = ['-u', '-g'].map((flag) => execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }).trim())
  expect(log).toBe(`${uid} ${gid} /srv inside\n-1 -1\n`)
  await place.ok('stop', 'jailed')
  expect(await place.runs('jailed')).toMatchObject([{ signal: 'SIGTERM', reason: 'asked' }])
})

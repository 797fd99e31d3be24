import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { isLinux, isRoot } from './machine.ts'
import { cleanUp, startShim, temporaryFolder, type ShipSpec, type StartOptions } from './shim-harness.ts'

afterEach(cleanUp)

/** What a ship that runs once says. */
async function said(spec: Omit<ShipSpec, 'args'>, script: string, options?: StartOptions): Promise<string> {
  const shim = startShim({ args: ['sh', '-c', script], restart: 'no', ...spec }, options)
  await shim.exited
  return [...shim.events('failed-to-start'), shim.log().trim()].filter(Boolean).join('\n')
}

const daemon = isLinux
  ? readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.startsWith('daemon:'))
  : ''
const [, , uid, gid, , home, shell] = (daemon ?? '').split(':')
const whoAmI = 'echo $(id -u) $(id -g) $(id -G) $HOME $USER $LOGNAME $SHELL'

describe.skipIf(!isRoot || !daemon)('as root (and with a user called daemon)', () => {
  test('a ship runs as its user, with the groups and variables of that user', async () => {
    const groups = execFileSync('id', ['-G', 'daemon'], { encoding: 'utf8' }).trim()
    const identity = `${uid} ${gid} ${groups} ${home} daemon daemon ${shell}`
    expect(await said({ user: 'daemon' }, whoAmI)).toBe(identity)
    expect(await said({ user: uid! }, whoAmI)).toBe(identity)
  })

  test('a variable of the definition is stronger than one of the user', async () => {
    const env = ['HOME=/elsewhere', 'USER=']
    expect(await said({ user: 'daemon', env }, 'echo $HOME "[$USER]" $LOGNAME')).toBe('/elsewhere [] daemon')
  })

  test('a ship runs in its group, alone or beside a user, and root keeps none of its own', async () => {
    expect(await said({ group: 'daemon' }, 'id -u; id -g; id -G')).toBe(`0\n${gid}\n${gid}`)
    expect(await said({ user: 'daemon', group: '12345' }, 'id -u; id -g')).toBe(`${uid}\n12345`)
    expect(await said({ user: '54321', group: '12345' }, 'id -u; id -G; echo "[$HOME]"')).toBe('54321\n12345\n[]')
  })

  test('the rights to the working directory are those of the user', async () => {
    const cwd = temporaryFolder()
    chmodSync(cwd, 0o700)
    expect(await said({ user: 'daemon', cwd }, 'pwd')).toBe('failed-to-start cwd 13 final')
    chmodSync(cwd, 0o755)
    expect(await said({ user: 'daemon', cwd }, 'pwd')).toBe(cwd)
  })

  test('the log is opened with the rights of the shim', async () => {
    const base = temporaryFolder()
    expect(await said({ user: 'daemon' }, 'echo here', { base })).toBe('here')
  })

  test('a negative nice is for root', async () => {
    expect(await said({ nice: -5, user: 'daemon' }, 'nice')).toBe('-5')
  })

  test('a ship of another user is stopped like any other', async () => {
    const shim = startShim({ args: ['sh', '-c', 'setsid sleep 1000 & exec sleep 1000'], user: 'daemon' })
    await shim.running()
    expect(await shim.down()).toBe('end down')
  })

  test('a ship in a root of its own finds its program and its folder there, and its user without a passwd', async () => {
    const root = temporaryFolder()
    chmodSync(root, 0o755)
    const copy = (path: string) => {
      mkdirSync(join(root, dirname(path)), { recursive: true })
      copyFileSync(path, join(root, path))
    }
    copy('/bin/sh')
    for (const [path] of execFileSync('ldd', ['/bin/sh'], { encoding: 'utf8' }).matchAll(/\/\S+/g)) copy(path)
    mkdirSync(join(root, 'place'))
    const script = 'pwd; echo *; echo /*; echo $USER $$'
    const shim = startShim({
      args: ['sh', '-c', script],
      root,
      cwd: '/place',
      user: 'daemon',
      restart: 'no',
      env: ['PATH=/bin'],
    })
    await shim.exited
    const folders = '/bin /lib /lib64 /place'.split(' ').filter((name) => shim.log().includes(name))
    expect(shim.log()).toBe(`/place\n*\n${folders.join(' ')}\ndaemon ${shim.events('start')[0]!.split(' ')[1]}\n`)
    const nowhere = startShim({ args: ['sh'], root, cwd: '/elsewhere' })
    await nowhere.exited
    expect(nowhere.events('failed-to-start')).toEqual(['failed-to-start cwd 2 final'])
  })

  test('a root that is not there is said', async () => {
    expect(await said({ root: '/no/such' }, 'true')).toBe('failed-to-start root 2 final')
  })
})

describe('limits', () => {
  test('are set, soft and hard', async () => {
    const limits = ['nofile:77', 'core:0', 'cpu:1000', `as:${4 * 1024 ** 3}`, 'nofile:66']
    const script =
      'for kind in S H; do echo $(ulimit -$kind -n) $(ulimit -$kind -c) $(ulimit -$kind -t) $(ulimit -$kind -v); done'
    expect(await said({ limits }, script)).toBe('66 0 1000 4194304\n66 0 1000 4194304')
  })

  test('and nice', async () => {
    const own = Number(execFileSync('nice', { encoding: 'utf8' }))
    expect(await said({ nice: own + 7 }, 'nice')).toBe(String(own + 7))
  })

  test.skipIf(!isLinux)('that nobody but root may raise are said to be refused', async () => {
    const options = { unprivileged: true, through: ['prlimit', '--nofile=100:100'] }
    expect(await said({ limits: ['nofile:200'] }, 'true', options)).toBe('failed-to-start limit 1 final')
    expect(await said({ nice: -10 }, 'true', { unprivileged: true })).toBe('failed-to-start nice 13 final')
  })
})

describe('without the right to it', () => {
  test('another user, another group and another root are refused', async () => {
    const options = { unprivileged: true }
    expect(await said({ user: 'root' }, 'true', options)).toBe('failed-to-start group 1 final')
    expect(await said({ group: '0' }, 'true', options)).toBe('failed-to-start group 1 final')
    expect(await said({ root: '/' }, 'true', options)).toBe('failed-to-start root 1 final')
  })

  test('the user one is already needs none', async () => {
    const me = isRoot ? { user: '54321', group: '54321' } : { user: String(process.getuid!()) }
    expect(await said(me, 'id -u', { unprivileged: true })).toBe(me.user)
  })
})

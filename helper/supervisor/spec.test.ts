import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { inherited, shipEnvironment } from './environment.ts'
import { logFilesOf, shimSpec } from './spec.ts'
import { definitionOf } from '../api/testing/definition.ts'

const fieldsOf = (spec: Buffer): string[] => spec.toString().split('\0').slice(0, -1)

test('tells the shim every setting, each field ended by a NUL byte', () => {
  const definition = definitionOf({
    command: ['node', 'a b.js', ''],
    env: {},
    user: 'nobody',
    group: '100',
    root: '/srv',
    nice: -5,
    limits: { openFiles: 64, addressSpaceBytes: 1_000, cpuSeconds: 2, coreSizeBytes: 0 },
    maxRestarts: 'unlimited',
    stopSignal: 'SIGINT',
  })
  const log = logFilesOf('/logs', { ...definition, log: { split: true } })
  expect(fieldsOf(shimSpec(definition, { A: '1\n2' }, [0, 500], log))).toEqual([
    'format=1',
    'arg=node',
    'arg=a b.js',
    'arg=',
    'env=A=1\n2',
    'cwd=/',
    'log=/logs/web.log',
    'log-stderr=/logs/web@stderr.log',
    'user=nobody',
    'group=100',
    'root=/srv',
    'nice=-5',
    'limit=nofile:64',
    'limit=as:1000',
    'limit=cpu:2',
    'limit=core:0',
    'restart=on-failure',
    'delays=0,500',
    'reset-after=10000',
    'max-restarts=unlimited',
    'window=300000',
    'stop-signal=2',
    'stop-timeout=10000',
  ])
})

test('lets no value begin another field', () => {
  const log = { stdout: '/l', stderr: null }
  expect(() => shimSpec(definitionOf(), { A: '1\0user=root' }, [0], log)).toThrow('web: env holds a NUL byte')
})

test('a command that is one line is run by sh', () => {
  const spec = shimSpec(definitionOf({ command: 'echo $HOME | wc' }), {}, [0], { stdout: '/l', stderr: null })
  expect(fieldsOf(spec).filter((field) => field.startsWith('arg='))).toEqual([
    'arg=/bin/sh',
    'arg=-c',
    'arg=echo $HOME | wc',
  ])
})

test('takes of the shell what finds programs and the desktop, and nothing else', () => {
  const shell = { PATH: '/bin', LC_ALL: 'C', XDG_RUNTIME_DIR: '/run', AWS_SECRET: 'x', TZ: 'UTC', LCD: 'no' }
  expect(inherited(shell, { all: false })).toEqual({ PATH: '/bin', LC_ALL: 'C', XDG_RUNTIME_DIR: '/run', TZ: 'UTC' })
})

test('never takes the mark of another ship, not even when it takes everything', () => {
  const shell = { KEELAN_SHIP: 'outer', KEELAN_SHIM: 'x', AWS_SECRET: 'y' }
  expect(inherited(shell, { all: true })).toEqual({ AWS_SECRET: 'y' })
})

test('env is stronger than env_file, which is stronger than the shell; the marks are stronger than all', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-env-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, '.env')
  writeFileSync(file, '# a comment\nA=file\nB="two words"\nC=file\nKEELAN_SHIP=other\n')
  const definition = definitionOf({ envFile: [file], env: { C: 'env' } })
  expect(shipEnvironment(definition, { PATH: '/bin', A: 'shell', LANG: 'C' }, 'shim-1')).toEqual({
    PATH: '/bin',
    LANG: 'C',
    A: 'file',
    B: 'two words',
    C: 'env',
    KEELAN_SHIP: 'web',
    KEELAN_SHIM: 'shim-1',
  })
})

test('an env_file that is not there is named', () => {
  const definition = definitionOf({ envFile: ['/nowhere/.env'] })
  expect(() => shipEnvironment(definition, {}, 'shim-1')).toThrow('web: env_file /nowhere/.env cannot be read (ENOENT)')
})

test("a ship of another user gets none of this user's own variables", () => {
  const shell = { PATH: '/bin', HOME: '/root', USER: 'root', SHELL: '/bin/zsh', SSH_AUTH_SOCK: '/x' }
  const definition = definitionOf({ user: 'nobody', inheritEnv: true })
  expect(Object.keys(shipEnvironment(definition, shell, 's'))).toEqual(['KEELAN_SHIM', 'KEELAN_SHIP', 'PATH'])
})

import { Command } from 'commander'
import { expect, test } from 'vitest'
import { keys } from '../keelanfile/keys.ts'
import { toDefinition } from '../keelanfile/to-definition.ts'
import { definitionOptions, saidByOptions } from './definition-options.ts'

function given(...words: string[]) {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} })
  for (const option of definitionOptions()) command.addOption(option)
  const said = saidByOptions(command.parse(words, { from: 'user' }).opts())
  const result = toDefinition('web', said.set('command', ['x']), { folder: '/srv', home: '/home/ada' })
  if (result.problems) throw new Error(JSON.stringify(result.problems))
  return result.definition
}

test('every key but the command is an option, by its name in kebab case', () => {
  const options = definitionOptions().map(({ long }) => long)
  for (const { name } of keys.filter((key) => !['command', 'autostart', 'log.split'].includes(key.name)))
    expect(options).toContain(`--${name.replace(/[._]/g, '-')}`)
  expect(options).toEqual(expect.arrayContaining(['--no-autostart', '--split-log']))
})

test('options are read as a Keelanfile is', () => {
  const words =
    '--restart no --stop-timeout 5 --stop-signal int --cwd sub --nice -5 --user 1000 --env A=1 --env B=x=y --env-file .env ' +
    '--env-file /etc/env --inherit-env --no-autostart --split-log --limits-open-files 99 --backoff-initial 250ms ' +
    '--max-restarts unlimited'
  expect(given(...words.split(' '))).toMatchObject({
    restart: 'no',
    stopTimeoutMs: 5_000,
    stopSignal: 'SIGINT',
    cwd: '/srv/sub',
    nice: -5,
    user: '1000',
    env: { A: '1', B: 'x=y' },
    envFile: ['/srv/.env', '/etc/env'],
    inheritEnv: true,
    autostart: false,
    log: { split: true },
    limits: { openFiles: 99 },
    backoff: { initialMs: 250 },
    maxRestarts: 'unlimited',
  })
})

test('without options everything is as a Keelanfile has it unless it says otherwise', () => {
  expect(given()).toEqual(given('--restart', 'on-failure', '--stop-timeout', '10s'))
  expect(given()).toMatchObject({ autostart: true, log: { split: false } })
})

test.each([
  [['--stop-timeout', 'lots'], 'It must be a duration'],
  [['--env', 'x'], 'must be NAME=VALUE'],
  [['--health', 'http'], '--health is not yet available in this version'],
  [['--instances'], '--instances is not yet available in this version'],
  [['--log-max-size', '10MB'], '--log-max-size is not yet available in this version'],
])('%j is refused', (words, message) => {
  expect(() => given(...words)).toThrow(message)
})

import { expect, test } from 'vitest'
import { completionsFor } from './completions.ts'
import { createProgram } from './program.ts'
import { testContext } from './testing/test-context.ts'

async function after(...words: string[]) {
  const found = await completionsFor(createProgram(testContext()), words, async () => ['api', 'web', 'web-2'])
  return found.map((each) => (typeof each === 'string' ? each : each.value))
}

test('commands, also of commands', async () => {
  expect(await after('')).toEqual(expect.arrayContaining(['deploy', 'ls', 'daemon', 'completion']))
  expect(await after('')).not.toContain('__complete')
  expect(await after('re')).toEqual(['restart', 'remove'])
  expect(await after('daemon', 'st')).toEqual(['start', 'stop', 'status'])
  expect(await after('ship', 'sho')).toEqual(['show'])
})

test('names of ships, each once, where there may be one', async () => {
  expect(await after('stop', '')).toEqual(['api', 'web', 'web-2'])
  expect(await after('stop', 'web', 'w')).toEqual(['web-2'])
  expect(await after('ship', 'stop', 'a')).toEqual(['api'])
  expect(await after('show', 'w')).toEqual(['web', 'web-2'])
  expect(await after('show', 'web', '')).toEqual([])
  expect(await after('events', '--ship', 'a')).toEqual(['api'])
  expect(await after('incidents', 'a')).toEqual(['api'])
  expect(await after('settings', 'mute', 'web', 'w')).toEqual(['web-2'])
  expect(await after('logs', '-n', '5', '-f', 'w')).toEqual(['web', 'web-2'])
})

test('options and their values', async () => {
  expect(await after('logs', 'web', '--st')).toEqual(['--stdout', '--stderr'])
  expect(await after('deploy', 'x', '--restart', '')).toEqual(['always', 'on-failure', 'no'])
  expect(await after('deploy', 'x', '--restart=a')).toEqual(['--restart=always'])
  expect(await after('deploy', 'x', '--restart', '=', 'on')).toEqual(['on-failure'])
  expect(await after('deploy', 'x', '--restart', '=')).toEqual(['always', 'on-failure', 'no'])
  expect(await after('deploy', 'x', '--cwd', '')).toEqual([':folders'])
  expect(await after('up', '-f', '')).toEqual([':files'])
  expect(await after('deploy', 'x', '--nice', '')).toEqual([])
  expect(await after('daemon', 'start', '--platform', 't')).toEqual(['telegram'])
  expect(await after('settings', 'theme', '')).toEqual(['system', 'light', 'dark'])
  expect(await after('completion', '')).toEqual(['bash', 'zsh', 'fish'])
  expect(await after('deploy', 'x', '--hea')).toEqual([])
})

test('a command and its files after --, whatever they look like', async () => {
  expect(await after('deploy', 'x', '--', '')).toEqual([':commands'])
  expect(await after('deploy', 'x', '--', 'python3', '-')).toEqual([':files'])
  expect(await after('deploy', 'x', '--', 'tar', '--file', '')).toEqual([':files'])
})

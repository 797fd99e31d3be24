import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorTable } from '../helper/api/errors.ts'
import { workplace } from './testing/workplace.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the README lists every error with its way out, as the code says it', () => {
  const rows = Object.entries(errorTable).map(
    ([code, { wayOut }]) => `| \`${code}\` | ${wayOut.replaceAll('|', '\\|')} |`,
  )
  const table = readme.slice(readme.indexOf('| code |')).split('\n\n')[0]?.split('\n').slice(2)
  expect(table).toEqual(rows)
})

test('the curl lines of the README work as printed', async () => {
  const place = workplace()
  await place.ok('deploy', 'web', '--', 'sh', '-c', 'echo hello; exec sleep 1000')
  const lines = readme.split('\n').filter((line) => /^(SOCKET=|curl )/.test(line))
  const [socket = '', ...calls] = lines
  expect(calls.length).toBeGreaterThan(4)
  for (const call of calls) {
    const stdout = await outputOf(`${socket}\nexec ${call.replace('curl ', 'curl --fail ')}`, place.env)
    expect(stdout, call).not.toBe('')
    if (call.includes('/log')) expect(stdout).toContain('hello')
    else for (const line of stdout.trim().split('\n')) expect(() => JSON.parse(line) as unknown, call).not.toThrow()
  }
})

/** What a line prints; of one that goes on for ever (`-N`) the first of it. */
function outputOf(script: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('bash', ['-c', script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  return new Promise((resolve) => {
    child.on('close', () => resolve(output))
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (script.includes(' -N ') && output.includes('\n')) child.kill()
    })
  })
}

test('every command in the README exists', async () => {
  const place = workplace()
  const commands = new Set([...readme.matchAll(/^\$ keelan (\w+)/gm)].map(([, command]) => command ?? ''))
  for (const command of commands) expect(await place.keelan(['help', command])).toMatchObject({ code: 0 })
})

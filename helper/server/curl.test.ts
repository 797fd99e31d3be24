import { execFile, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { testServer } from './test-server.ts'

const run = promisify(execFile)
const hasCurl = spawnSync('curl', ['--version']).status === 0

test.runIf(hasCurl)('works with curl, as the README shows it', async () => {
  const { socketPath, services } = await testServer()
  const curl = async (...args: string[]) => (await run('curl', ['-sS', '--unix-socket', socketPath, ...args])).stdout
  expect(JSON.parse(await curl('http://localhost/v1/ships'))).toMatchObject({
    ships: [{ name: 'web' }, { name: 'worker' }],
  })
  expect(JSON.parse(await curl('-X', 'POST', 'http://localhost/v1/ships/web/restart'))).toMatchObject({
    status: 'running',
  })
  expect(JSON.parse(await curl('--json', '{"graceMs": 500}', 'http://localhost/v1/ships/web/stop'))).toMatchObject({
    status: 'stopped',
  })
  writeFileSync(services.logFile('web'), 'one\ntwo\n')
  expect(await curl('http://localhost/v1/ships/web/log?lines=1')).toBe('two\n')
  expect(await curl('http://localhost/v1/events?follow=false&last=1')).toMatch(
    /^\{"type":"event".*\n\{"type":"snapshot".*\n$/,
  )
  expect(JSON.parse(await curl('http://localhost/v1/openapi.json'))).toHaveProperty('openapi')
})

test.runIf(hasCurl)('gets a refusal across to curl, also in the middle of a large body', async () => {
  const { socketPath, services } = await testServer()
  const large = services.logFile('web')
  writeFileSync(large, ' '.repeat(20_000_000))
  for (const headers of [[], ['-H', 'expect:'], ['-H', 'transfer-encoding: chunked']]) {
    const args = ['-sS', '--unix-socket', socketPath, '-T', large, '-H', 'content-type: application/json', ...headers]
    const { stdout } = await run('curl', [...args, 'http://localhost/v1/ships'])
    expect(JSON.parse(stdout)).toMatchObject({ code: 'BODY_TOO_LARGE' })
  }
})

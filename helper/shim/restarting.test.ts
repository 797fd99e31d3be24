import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, startShim, temporaryFolder, type JournalLine, type ShipSpec } from './shim-harness.ts'

afterEach(cleanUp)

interface RestartCase extends Required<
  Pick<ShipSpec, 'restart' | 'delays' | 'resetAfterMs' | 'maxRestarts' | 'windowMs'>
> {
  name: string
  runs: ({ ranMs: number } & ({ exit: number } | { signal: number }))[]
  expect: string[]
}

// The same cases test the policy that tells the person what the shim will do.
const cases = JSON.parse(readFileSync(new URL('restart-cases.json', import.meta.url), 'utf8')) as RestartCase[]

/** A ship whose runs go as `runs` says; when they are used up, it runs on. */
function script(base: string, runs: RestartCase['runs']): string {
  for (const [index, run] of runs.entries()) {
    const end = 'exit' in run ? `exit ${run.exit}` : `kill -${run.signal} $$`
    writeFileSync(join(base, `run-${index}`), `${run.ranMs > 0 ? `sleep ${run.ranMs / 1000}\n` : ''}${end}\n`)
  }
  return 'read n < next || n=0; echo $((n + 1)) > next; [ -e run-$n ] || exec sleep 1000; . ./run-$n'
}

/** What came after each end. */
function decisions(lines: readonly JournalLine[]): string[] {
  const after = lines.filter(
    ({ kind }, index) => index > 0 && ['exit', 'signal'].includes(lines[index - 1]!.kind) && kind,
  )
  return after.map(({ kind, words }) => (kind === 'start' ? 'restart at once' : kind === 'wait' ? `wait ${words[0]}` : kind === 'end' ? words[0]! : kind)) // prettier-ignore
}

describe('after a run', () => {
  test.each(cases)('$name', async ({ runs, expect: expected, ...policy }) => {
    const base = temporaryFolder()
    writeFileSync(join(base, 'next'), '0\n')
    const shim = startShim(
      { args: ['sh', '-c', script(base, runs)], cwd: base, limits: ['core:0'], ...policy },
      { base },
    )
    if (expected.length === runs.length && /^(gave-up|done)$/.test(expected.at(-1)!)) await shim.exited
    else await shim.running(runs.length + 1)
    const lines = shim.lines()
    expect(decisions(lines)).toEqual(expected)
    for (const [index, line] of lines.entries()) {
      if (line.kind !== 'wait') continue // it waits as long as it says, at least
      expect(lines[index + 1]!.bootMs - line.bootMs).toBeGreaterThanOrEqual(Number(line.words[0]) - 1)
    }
    const gaveUp = `${Number(policy.maxRestarts) + 1} ${policy.windowMs}`
    const words = lines.flatMap(({ kind, words }) => (kind === 'gave-up' ? [words.join(' ')] : []))
    expect(words).toEqual(expected.includes('gave-up') ? [gaveUp] : [])
  })
})

test('the wish down ends the waiting for the next start', async () => {
  const shim = startShim({ args: ['false'], delays: [60_000] })
  await shim.line('wait')
  expect(await shim.down()).toBe('end down')
  expect(shim.events('start', 'down')).toEqual([expect.stringContaining('start'), 'down'])
})

import { expect } from 'vitest'
import { errorTable } from '../../helper/api/errors.ts'
import type { Outcome } from './commands.ts'

/** The outcome is a refusal in one line, and below it at most lines of the helper's log. */
export function expectRefusal(
  { code, stdout, stderr }: Outcome,
  error: keyof typeof errorTable,
  ...named: string[]
): void {
  const [line = '', ...more] = stderr.trimEnd().split('\n')
  expect(line).toMatch(/^keelan: /)
  for (const word of [...named, errorTable[error].wayOut]) expect(line).toContain(word)
  expect(more.filter((each) => !each.startsWith('  '))).toEqual([])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
}

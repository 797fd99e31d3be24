import { expect, test } from 'vitest'
import { parseKeelanfileApart } from './parse-apart.ts'
import { parseKeelanfile } from './parse.ts'

const folders = { folder: '/srv', home: '/home/someone' }

test.each(['ships: {web: {command: [serve], cwd: app}}', 'ships:\n  web:\n    comand: x\n', '', 'ships: ['])(
  'a text is read as without a thread: %j',
  async (text) => {
    expect(await parseKeelanfileApart(text, folders)).toEqual(parseKeelanfile(text, folders))
  },
)

test('a text that would take all memory is at fault, harms nobody, and the next one is read', async () => {
  let turns = 0
  const timer = setInterval(() => (turns += 1), 10)
  const [much, more, good] = await Promise.all(
    ['['.repeat(500_000), '%a\n'.repeat(300_000), 'ships: {web: {command: serve}}'].map((text) =>
      parseKeelanfileApart(text, folders),
    ),
  )
  clearInterval(timer)
  for (const result of [much, more])
    expect(result).toMatchObject({
      ok: false,
      faults: [{ line: 1, message: expect.stringMatching(/too|the file is/) }],
    })
  expect(good).toMatchObject({ ok: true, definitions: [{ name: 'web' }] })
  // Whatever they took, the event loop went on.
  expect(turns).toBeGreaterThan(20)
})

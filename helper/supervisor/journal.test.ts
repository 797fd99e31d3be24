import { expect, test } from 'vitest'
import { JournalLines, parseJournalLine } from './journal.ts'

test('reads every kind of line that a shim writes', () => {
  const kinds = [
    ['1 1000 50 shim 1 b00t 42 777 .', { kind: 'shim', bootId: 'b00t', pid: 42, startTime: '777' }],
    ['2 1000 50 start 43 778 9000 .', { kind: 'start', pid: 43, startTime: '778', logOffset: 9_000 }],
    ['3 1000 50 running 43 .', { kind: 'running', pid: 43 }],
    ['4 1000 50 failed-to-start exec 2 final .', { kind: 'failed-to-start', step: 'exec', errno: 2, final: true }],
    ['5 1000 50 exit 7 10 20 30 .', { kind: 'exit', code: 7, userUs: 10, systemUs: 20, peakKib: 30 }],
    [
      '6 1000 50 signal 11 core 1 2 3 .',
      { kind: 'signal', signal: 'SIGSEGV', coreDumped: true, userUs: 1, systemUs: 2, peakKib: 3 },
    ],
    ['7 1000 50 leftovers 2 .', { kind: 'leftovers', count: 2 }],
    ['8 1000 50 kill 1 .', { kind: 'kill', count: 1 }],
    ['9 1000 50 wait 500 .', { kind: 'wait', ms: 500 }],
    ['10 1000 50 gave-up 11 300000 .', { kind: 'gave-up', count: 11, windowMs: 300_000 }],
    ['11 1000 50 down .', { kind: 'down' }],
    ['12 1000 50 end signal-15 .', { kind: 'end', reason: 'signal-15' }],
  ] as const
  kinds.forEach(([text, entry], index) =>
    expect(parseJournalLine(text)).toEqual({ number: index + 1, wallMs: 1_000, bootMs: 50, ...entry }),
  )
})

test.each([
  ['torn by a full disk', '3 1000 50 exit 7 10 2'],
  ['torn inside its number', '3'],
  ['empty', ''],
  ['of a kind that a later shim may write', '3 1000 50 sang loudly .'],
  ['with a number that is none', 'x 1000 50 down .'],
])('passes over a line that is %s', (_, text) => {
  expect(parseJournalLine(text)).toBeNull()
})

test('gives each line once, whatever pieces the bytes come in', () => {
  const journal = '1 1 1 down .\n2 1 1 wait 5 .\n2 1 1 wa\n2 1 1 wait 5 .\n3 1 1 end down .\n'
  for (let cut = 0; cut <= journal.length; cut += 1) {
    const lines = new JournalLines(0)
    const pieces = [journal.slice(0, cut), journal.slice(cut)]
    const numbers = pieces.flatMap((piece) => lines.push(Buffer.from(piece)).map(({ number }) => number))
    expect(numbers).toEqual([1, 2, 3])
  }
})

test('passes over the lines that were taken before', () => {
  const lines = new JournalLines(1)
  expect(lines.push(Buffer.from('1 1 1 down .\n2 1 1 end down .\n')).map(({ number }) => number)).toEqual([2])
})

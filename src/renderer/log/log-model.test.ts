import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { LogModel } from './log-model.ts'
import { logSource } from './log-source.ts'
import { FakeLog } from './testing/fake-log.ts'
import { ManualTiming } from './testing/manual-timing.ts'

const limits = { lines: 20, page: { lines: 5, bytes: 60 } }
const ten = Array.from({ length: 10 }, (_, i) => `line ${i}\n`).join('')
const hundred = Array.from({ length: 100 }, (_, i) => `line ${String(i).padStart(2, '0')}\n`).join('')

function modelOf(text: string | Uint8Array, given = limits) {
  const log = new FakeLog(text)
  vi.stubGlobal('fetch', log.fetch)
  const timing = new ManualTiming()
  const model = new LogModel(logSource('web', 'stdout'), timing, given)
  onTestFinished(() => model.close())
  const texts = () => model.state().lines.map((line) => line.text)
  return { log, model, timing, texts }
}

async function opened(text: string | Uint8Array, given = limits) {
  const all = modelOf(text, given)
  await all.model.open(null)
  await all.timing.settle()
  return all
}

test('opens at the end and shows what is written, with its time', async () => {
  const { log, model, timing, texts } = await opened(ten)
  expect(texts()).toEqual(['line 5', 'line 6', 'line 7', 'line 8', 'line 9'])
  timing.nowMs = 5_000
  log.append('new\nhal')
  await timing.settle()
  log.append('f\n')
  await timing.settle()
  expect(texts().slice(-3)).toEqual(['line 9', 'new', 'half'])
  expect(model.state()).toMatchObject({ following: true, atEnd: true, size: 79, fresh: null, skipped: null })
  expect(model.state().lines.at(-1)).toMatchObject({ time: 5_000, exact: true })
})

test('keeps no more lines than it may, and tells which were too fast to be shown', async () => {
  const { log, model, timing, texts } = await opened('')
  log.append(hundred)
  await timing.settle()
  expect(texts()).toHaveLength(20)
  expect(texts().at(-1)).toBe('line 99')
  expect(model.state().skipped).toEqual({ from: 0, lines: 80, bytes: 640 })
  await model.goTo({ generation: 1, offset: 0 })
  expect(texts()[0]).toBe('line 00')
})

test('leaves the lines alone that somebody looks at, and counts what is new', async () => {
  const { log, model, timing, texts } = await opened(hundred)
  model.unfollow()
  log.append('a\nb\n')
  await timing.settle()
  // Still fits: it is put behind.
  expect(texts().slice(-2)).toEqual(['a', 'b'])
  const before = texts()[0]
  log.append(hundred)
  await timing.settle()
  expect(texts()[0]).toBe(before)
  expect(texts().at(-1)).toBe('b')
  expect(model.state()).toMatchObject({ following: false, atEnd: false, fresh: { lines: 102, bytes: 804 } })
  await model.follow()
  expect(texts().at(-1)).toBe('line 99')
  expect(model.state()).toMatchObject({ following: true, atEnd: true, fresh: null })
})

test('reaches the end again line by line, and goes on from there', async () => {
  const { log, model, timing, texts } = await opened(hundred)
  await model.goTo({ generation: 1, offset: 8 * 60 })
  expect(model.state().atEnd).toBe(false)
  while (!model.state().atEnd) await model.growDown()
  expect(texts().at(-1)).toBe('line 99')
  await model.follow()
  log.append('new\n')
  await timing.settle()
  expect(texts().at(-1)).toBe('new')
})

test('reading on upwards lets go of the end', async () => {
  const { log, model, timing, texts } = await opened(hundred)
  model.unfollow()
  for (let i = 0; i < 5; i++) await model.growUp()
  log.append('new\n')
  await timing.settle()
  expect(texts()).toEqual(Array.from({ length: 20 }, (_, i) => `line ${70 + i}`))
  expect(model.state()).toMatchObject({ atEnd: false, fresh: { lines: 1 } })
})

test('tells that the log was truncated, and goes on with the new one', async () => {
  const { log, model, timing, texts } = await opened(ten)
  log.truncate('new\n')
  await timing.settle()
  expect(texts()).toEqual(['new'])
  expect(model.state()).toMatchObject({ begunAfresh: 'told', generation: 2, size: 4 })
})

test('leaves the lines of a truncated log where they are while somebody looks at them', async () => {
  const { log, model, timing, texts } = await opened(ten)
  model.unfollow()
  log.truncate('new\n')
  await timing.settle()
  expect(texts().at(-1)).toBe('line 9')
  expect(model.state().begunAfresh).toBe('shown')
  await model.growUp()
  expect(model.state().error).toBeNull()
  await model.follow()
  expect(texts()).toEqual(['new'])
  expect(model.state().begunAfresh).toBe('told')
})

test('says nothing when a log is only just made', async () => {
  const { log, model, timing, texts } = await opened('')
  log.truncate('first\n')
  await timing.settle()
  expect(texts()).toEqual(['first'])
  expect(model.state().begunAfresh).toBe('no')
})

test('goes on by itself after the helper was away, with no line lost and no time invented', async () => {
  const { log, model, timing, texts } = await opened(ten)
  log.leave()
  await new Promise((resolve) => setTimeout(resolve, 5))
  await vi.waitFor(() => expect(model.state().away).toBe(true))
  log.append('while away\n')
  log.away = false
  await timing.settle()
  log.append('after\n')
  await timing.settle()
  expect(texts().slice(-3)).toEqual(['line 9', 'while away', 'after'])
  expect(
    model
      .state()
      .lines.slice(-2)
      .map(({ exact }) => exact),
  ).toEqual([false, true])
  expect(model.state().away).toBe(false)
})

test('opens once the helper is there, at the place that was asked for', async () => {
  const { log, model, timing, texts } = modelOf(hundred)
  log.away = true
  const opening = model.open({ generation: 1, offset: 400 })
  await vi.waitFor(() => expect(model.state().away).toBe(true))
  log.away = false
  await timing.settle()
  await opening
  expect(texts()).toContain('line 50')
  expect(model.state()).toMatchObject({ phase: 'open', away: false, following: false, target: { offset: 400 } })
})

test('shows the end, and says why, if the place asked for is of an older log', async () => {
  const { log, model, timing, texts } = modelOf(ten)
  log.generation = 4
  await Promise.all([model.open({ generation: 3, offset: 0 }), timing.settle()])
  expect(texts().at(-1)).toBe('line 9')
  expect(model.state()).toMatchObject({ phase: 'open', following: true, error: { code: 'LOG_POSITION_GONE' } })
})

test('skips to the end when the log is written faster than it can be carried', async () => {
  const { log, model, timing, texts } = await opened('first\n', { lines: 20, page: { lines: 5, bytes: 1_000 } })
  log.append('some line of a log\n'.repeat(2_000_000))
  await timing.settle()
  expect(texts().length).toBeLessThanOrEqual(20)
  expect(texts().at(-1)).toBe('some line of a log')
  const { skipped, size, following } = model.state()
  expect([size, following]).toEqual([38_000_006, true])
  // What went by before that was counted, what was left out was not.
  expect(skipped).toMatchObject({ from: 6, lines: null })
  expect(skipped!.bytes).toBeGreaterThan(37_000_000)
  expect(log.followed).toBeLessThan(20_000_000)
})

const action = fc.oneof(
  fc.record({ kind: fc.constantFrom('follow', 'unfollow', 'up', 'down', 'settle', 'away', 'back') }),
  fc.record({ kind: fc.constant('go'), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('write'), text: fc.string({ maxLength: 90, unit: fc.constantFrom('a', 'é', '\n') }) }),
)

test('whatever happens in whatever order, shows the log as it is, without a gap, and its end while it is followed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
      const { log, model, timing } = await opened(ten)
      const running: Promise<unknown>[] = []
      for (const one of actions) {
        if (one.kind === 'follow') running.push(model.follow())
        else if (one.kind === 'unfollow') model.unfollow()
        else if (one.kind === 'up') running.push(model.growUp())
        else if (one.kind === 'down') running.push(model.growDown())
        else if (one.kind === 'away') log.leave()
        else if (one.kind === 'back') log.away = false
        else if (one.kind === 'settle') await timing.settle()
        else if ('text' in one) log.append(one.text)
        else if ('at' in one) running.push(model.goTo({ generation: 1, offset: Math.floor(one.at * log.bytes.length) }))
      }
      log.away = false
      await timing.settle()
      await Promise.all(running)
      await timing.settle()
      const { lines, following, size } = model.state()
      for (const [index, line] of lines.entries()) {
        expect(line.offset).toBe(lines[index - 1]?.end ?? line.offset)
        const bytes = log.bytes.slice(line.offset, line.offset + line.length)
        expect(line.text).toBe(new TextDecoder().decode(bytes))
        expect(bytes.includes(10)).toBe(false)
      }
      const first = lines[0]?.offset ?? 0
      expect(first === 0 || log.bytes[first - 1] === 10).toBe(true)
      expect(lines.length).toBeLessThanOrEqual(limits.lines)
      expect(size).toBe(log.bytes.length)
      if (following) expect(lines.at(-1)?.end).toBe(log.bytes.length)
      model.close()
    }),
    { numRuns: 60 },
  )
})

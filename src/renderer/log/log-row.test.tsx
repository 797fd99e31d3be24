import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { Run } from '../../../helper/api/ship.ts'
import { LogRow } from './log-row.tsx'

const line = { offset: 0, end: 10, length: 9, text: '', bytes: null, time: null, exact: true }
const usual = {
  line,
  more: undefined,
  marks: undefined,
  pattern: null,
  isMatch: false,
  isCurrent: false,
  isSelected: false,
  showsTime: true,
  canShow: null,
  onMore: () => {},
}

test('whatever a ship writes is text, never a part of the page', () => {
  const text = '<img src=x onerror="alert(1)"> \x1b[31m<script>alert(2)</script>\x1b[0m &lt;'
  const html = renderToStaticMarkup(<LogRow {...usual} line={{ ...line, text }} pattern={/<script>|x/g} isMatch />)
  expect(html).not.toMatch(/<(img|script)/)
  expect(html).toContain('&lt;img src=<mark>x</mark> onerror=&quot;alert(1)&quot;&gt;')
  expect(html).toMatch(/--light:rgb\([\d ]+\);--dark:rgb\([\d ]+\)/)
  expect(html).toContain('&lt;script&gt;')
  expect(html).toContain('&amp;lt;')
})

test('shows when a line was written, and says so where that is an upper bound only', () => {
  const time = new Date(2026, 10, 22, 10, 20, 30).getTime()
  const exact = renderToStaticMarkup(<LogRow {...usual} line={{ ...line, time }} />)
  expect(exact).toContain('10:20:30')
  expect(exact).not.toContain('≤')
  const late = renderToStaticMarkup(<LogRow {...usual} line={{ ...line, time, exact: false }} />)
  expect(late).toContain('≤')
  expect(late).toContain('2026-11-22 10:20:30 or before')
  expect(renderToStaticMarkup(<LogRow {...usual} line={{ ...line, time }} showsTime={false} />)).not.toContain('10:20')
})

test('offers more of a long line, as long as a page can show it', () => {
  const long = { ...line, length: 2_000_000 }
  expect(renderToStaticMarkup(<LogRow {...usual} line={long} canShow={61_440} />)).toContain(
    'Show 61 kB more, of 2.0 MB',
  )
  expect(renderToStaticMarkup(<LogRow {...usual} line={long} canShow={0} />)).toContain(
    'Save the log to read all of it',
  )
  expect(renderToStaticMarkup(<LogRow {...usual} />)).not.toContain('button')
})

test('says above a line that a run began there, and how the one before it ended', () => {
  const run = { id: 2, startedAt: '2026-11-22T10:00:00.000Z', pid: 42 } as Run
  const before = { id: 1, message: 'exited with code 7 after 3 s' } as Run
  const html = renderToStaticMarkup(<LogRow {...usual} marks={[{ run, before, offset: 0 }]} />)
  expect(html).toMatch(/Started 2026-11-22 .*pid 42.*the run before exited with code 7 after 3 s/)
})

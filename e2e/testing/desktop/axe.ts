import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** WCAG 2.2, levels A and AA. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What axe finds wrong with a page as it is shown now: which rule, and where. */
export async function axeFaults(page: Page): Promise<string[]> {
  // By the debugger: the page's own policy allows no script but its own.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    (values) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(
        // What React Aria says to screen readers names the button that was pressed, for seconds, also once that is gone.
        { exclude: '[data-live-announcer]' },
        { runOnly: { type: 'tag', values } },
      ),
    rules,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(' ')}\n${failureSummary}`),
  )
}

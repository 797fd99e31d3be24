// @ts-check

/** @import { Reporter, TestModule } from 'vitest/node' */

/**
 * Ends a run with one plain line, `N passed, N failed`, for people and programs that read nothing else.
 * A file that could not be loaded and an error outside any test count as failed.
 * @implements {Reporter}
 */
export class PlainLineReporter {
  /** @param {readonly TestModule[]} modules @param {readonly unknown[]} strayErrors */
  onTestRunEnd(modules, strayErrors) {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
    /** @param {string} state */
    const count = (state) => states.filter((one) => one === state).length
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length
    const skipped = count('skipped')
    const failed = count('failed') + brokenFiles + strayErrors.length
    console.log(`\n${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  }
}

export default PlainLineReporter

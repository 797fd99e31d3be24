// @ts-check
import { build } from './build.mjs'

/** Tests run the built helper, so `npx vitest run` builds what changed. A wrong type is the type check's to report. */
export function setup() {
  build()
}

import { setFlagsFromString } from 'node:v8'

/** How many want it now. */
let wanted = 0
/** The helper is started with this (`daemon-control.ts`), as V8's optimizing compiler takes 10 MB. */
const isSlow = process.execArgv.includes('--no-opt')

/** Has V8 optimize until what is returned is called: what goes through a whole log or Keelanfile is up to 7 times as fast. */
export function fullSpeed(): () => void {
  if (!isSlow) return () => {}
  if (wanted === 0) setFlagsFromString('--opt')
  wanted += 1
  return () => {
    wanted -= 1
    if (wanted === 0) setFlagsFromString('--no-opt')
  }
}

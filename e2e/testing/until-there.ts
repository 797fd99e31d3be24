import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for something and gives it; after 20 s throws an Error that says what there was instead. */
export async function untilThere<T>(
  what: string,
  read: () => T | undefined | Promise<T | undefined>,
  instead: () => string | Promise<string> = () => 'nothing',
  patienceMs = 20_000,
): Promise<T> {
  for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(20)) {
    const found = await read()
    if (found !== undefined) return found
  }
  throw new Error(`waited in vain for ${what}; there was ${await instead()}`)
}

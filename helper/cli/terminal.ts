import type { Writable } from 'node:stream'
import pico from 'picocolors'

export type Output = Writable & { isTTY?: boolean; columns?: number; rows?: number }
export type Colors = ReturnType<typeof pico.createColors>

/**
 * Colours for an output: on a terminal only, or if FORCE_COLOR says so; never with NO_COLOR (https://no-color.org). Picocolors' own
 * judgement is not asked: it looks for `--color` among all arguments, also those of a ship, and has colours in CI.
 */
export function colorsFor(output: Output, env: NodeJS.ProcessEnv): Colors {
  const forced = env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : undefined
  const terminal = output.isTTY === true && env['TERM'] !== 'dumb'
  return pico.createColors(!env['NO_COLOR'] && (forced ?? terminal))
}

/** Writes a line. */
export function tell(output: Output, line: string): void {
  output.write(`${line}\n`)
}

/** Writes a value as JSON, indented by two. */
export function tellJson(output: Output, value: unknown): void {
  tell(output, JSON.stringify(value, null, 2))
}

/** Writes, and waits while the reader is slower. */
export async function writeGently(output: Output, chunk: string | Uint8Array): Promise<void> {
  if (chunk.length === 0 || output.write(chunk)) return
  await new Promise<void>((resolve) => {
    const done = () => {
      output.off('drain', done)
      output.off('close', done)
      resolve()
    }
    output.on('drain', done)
    output.on('close', done)
  })
}

/** Text from elsewhere as one harmless line: what would move the cursor or change the terminal is shown instead of done. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character]
    return short ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

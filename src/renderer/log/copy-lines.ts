import type { ByteRange } from './line-selection.ts'
import { plainText } from './line-spans.ts'
import type { LogSource } from './log-source.ts'

/** More than this is not for the clipboard, in bytes. */
export const mostCopied = 8_388_608

/** A part of a log as text: what one sees, without colours. */
export async function copiedText(
  source: LogSource,
  generation: number,
  { from, to }: ByteRange,
  signal: AbortSignal,
): Promise<string> {
  const bytes = await source.bytes({ generation, offset: from }, to, signal)
  const lines: string[] = []
  for (let at = 0; at < bytes.length;) {
    const newline = bytes.indexOf(10, at)
    const end = newline < 0 ? bytes.length : newline
    lines.push(plainText({ text: '', bytes: bytes.subarray(at, end) }))
    at = end + 1
  }
  return lines.join('\n')
}

/** Variables out of pasted text, and the lines that are none. */
export interface EnvLines {
  readonly variables: readonly { readonly name: string; readonly value: string }[]
  readonly refused: readonly string[]
}

const assignment = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)=(.*)$/
const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

/**
 * Reads pasted NAME=VALUE lines, as an env file or a terminal shows them: blank lines and comments are passed over, quotes
 * around a value are taken off. null: the text is one line without an assignment, to be pasted as it is.
 */
export function readEnvLines(text: string): EnvLines | null {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const said = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (lines.length === 1 && !assignment.test(lines[0] ?? '')) return null
  const read = said.map((line) => ({ line, match: assignment.exec(line) }))
  return {
    variables: read.flatMap(({ match }) => (match ? [{ name: match[1]!, value: unquoted(match[2]!) }] : [])),
    refused: read.flatMap(({ line, match }) => (match ? [] : [line])),
  }
}

function unquoted(value: string): string {
  const [, quote, inner = ''] = /^(["'])(.*)\1$/.exec(value) ?? []
  if (quote === undefined) return value
  return quote === "'" ? inner : inner.replaceAll(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter)
}

/** What is wrong with an env file, and in which line. */
export class EnvFileFault extends Error {
  constructor(fault: string, line?: number) {
    super(line === undefined ? fault : `line ${line}: ${fault}`)
    this.name = 'EnvFileFault'
  }
}

const assignment = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=[ \t]*(.*)$/s
const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

/**
 * Reads an env file: `NAME=VALUE` lines, blank ones, and comments (`#` at the beginning, or after a blank behind an unquoted value).
 * `'…'` is taken as it stands, `"…"` with `\n`, `\t`, `\"` and `\\`; both may go over several lines. Our own reader, since those
 * there are (Node's `parseEnv`, dotenv) pass over what they do not understand, and a lost variable is found much later.
 * Throws EnvFileFault.
 */
export function parseEnvFile(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]?.trim() ?? ''
    if (line.includes('\0')) throw new EnvFileFault('must not hold a NUL byte', index + 1)
    if (line === '' || line.startsWith('#')) continue
    const [, name, rest = ''] = assignment.exec(line) ?? []
    if (name === undefined) throw new EnvFileFault('must be NAME=VALUE, a comment or empty', index + 1)
    const quote = rest[0]
    if (quote !== '"' && quote !== "'") {
      values[name] = rest.replace(/(^|\s)#.*$/, '').trim()
      continue
    }
    const first = index
    let quoted = rest
    while (endOfQuote(quoted) === -1) {
      index += 1
      if (index === lines.length) throw new EnvFileFault(`the quote that begins here (${quote}) never ends`, first + 1)
      if (lines[index]?.includes('\0')) throw new EnvFileFault('must not hold a NUL byte', index + 1)
      quoted += `\n${lines[index]}`
    }
    const end = endOfQuote(quoted)
    if (!/^\s*(#.*)?$/.test(quoted.slice(end + 1)))
      throw new EnvFileFault(`only a comment may stand after the closing ${quote}`, index + 1)
    const inner = quoted.slice(1, end)
    values[name] = quote === "'" ? inner : inner.replaceAll(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter)
  }
  return values
}

/** Where the quote that a text begins with ends; -1 if it does not. */
function endOfQuote(text: string): number {
  const quote = text[0]
  for (let at = 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === '\\') at += 1
    else if (text[at] === quote) return at
  }
  return -1
}

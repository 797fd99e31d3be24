// oxlint-disable no-control-regex -- control characters are what this is about
/**
 * Makes a ship's output harmless for a terminal, as `less -R` does: colours (SGR), tabs and line ends pass; other escape sequences are
 * left out and other control characters are shown as `^X`, so that no output can move the cursor, set the title or fake what was
 * written before. Sequences may be cut anywhere between two calls. See ECMA-48 for their forms.
 */
export class HarmlessText {
  readonly #decoder = new TextDecoder()
  /** The beginning of a sequence whose end has not come yet. */
  #pending = ''
  /** Colours are switched on, as far as is known. */
  #colored = false

  /** The part of the text so far that can be told for certain. */
  push(bytes: Uint8Array): string {
    return this.#take(this.#decoder.decode(bytes, { stream: true }))
  }

  /** What is left, and the terminal's own colours again. */
  end(): string {
    const rest = this.#take(this.#decoder.decode())
    this.#pending = ''
    const reset = this.#colored ? '\x1b[0m' : ''
    this.#colored = false
    return rest + reset
  }

  #take(text: string): string {
    const all = this.#pending + text
    const cut = incompleteFrom(all)
    this.#pending = all.slice(cut)
    return all.slice(0, cut).replace(sequences, (found) => this.#shown(found))
  }

  #shown(found: string): string {
    if (/^\x1b\[[\d;:]*m$/.test(found)) {
      this.#colored = !/^\x1b\[0*m$/.test(found)
      return found
    }
    if (found === '\r\n') return '\n'
    if (found.startsWith('\x1b') && found.length > 1) return ''
    const code = found.charCodeAt(0)
    return code < 0x80 ? `^${String.fromCharCode(code ^ 0x40)}` : ''
  }
}

/**
 * One line of a ship's output as nothing but text, for where there is no terminal: without colours, control characters and those
 * that turn the direction of writing; of what was written over, what stood there last.
 */
export function plainLine(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replace(/[\r\n]+$/, '')
  return (text.split('\r').at(-1) ?? '')
    .replaceAll('\t', ' ')
    .replace(sequences, '')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
}

/** A string sequence (OSC, DCS, SOS, PM, APC) ends with BEL or ST; one without an end is given up at the end of its line. */
const stringSequence = String.raw`\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?`
const controlSequence = String.raw`\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]?`
const otherSequence = String.raw`\x1b[\x20-\x2f]*[\x30-\x7e]?`
const sequences = new RegExp(
  `${stringSequence}|${controlSequence}|${otherSequence}|\\r\\n|[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]`,
  'g',
)

/** A beginning of a sequence, at the end of a text; longer ones than this are no sequence that anybody means. */
const beginning = /(?:\x1b(?:[\]PX^_][^\x07\x1b\n]*\x1b?|\[[\x30-\x3f]*[\x20-\x2f]*|[\x20-\x2f]*)|\r)$/
const longestPending = 65_536

function incompleteFrom(text: string): number {
  const start = text.slice(-longestPending).search(beginning)
  return start < 0 ? text.length : Math.max(0, text.length - longestPending) + start
}

import { placeOfFile, placeOfGo, placeOfLink } from './places.ts'

/** What the app is asked for when it is started, the first time or again. */
export interface StartArguments {
  /** No window: it is started at login. */
  readonly hidden: boolean
  /** What the window is to show. */
  readonly place: string | null
  /** What was not understood, for the log. */
  readonly ignored: readonly string[]
}

/** Reads the words after the program (and, in development, after the app's folder); `folder` is where they were typed. */
export function startArguments(words: readonly string[], folder: string): StartArguments {
  const ignored: string[] = []
  let hidden = false
  let place: string | null = null
  const show = (found: string | null, word: string) => {
    if (found === null) ignored.push(word)
    else place = found
  }
  for (let n = 0; n < words.length; n += 1) {
    const word = words[n]!
    if (word === '--hidden') hidden = true
    else if (word === '--go') show(placeOfGo(words[(n += 1)] ?? ''), `--go ${words[n] ?? ''}`)
    else if (word.startsWith('--go=')) show(placeOfGo(word.slice('--go='.length)), word)
    else if (/^keelan:/i.test(word)) show(placeOfLink(word), word)
    // Those of the runtime (`--no-sandbox`, `--remote-debugging-port=0`).
    else if (word.startsWith('-')) continue
    else show(placeOfFile(word, folder), word)
  }
  return { hidden, place, ignored }
}

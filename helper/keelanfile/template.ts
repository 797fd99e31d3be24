import { stringify } from 'yaml'
import { keys } from './keys.ts'
import { writeValue } from './print.ts'

const introduction = `# Ships of this folder, for Keelan. \`keelan up\` applies this file, \`keelan down\` stops what it names.
# Durations are written 500ms, 5s, 2m, 1h or 1d (a bare number is seconds), sizes 10MB or 64KiB;
# paths are relative to this file.

# Keys that hold for every ship below, unless it says otherwise.
#defaults:
  #restart: always

ships:
  # A name: a-z, 0-9, ".", "_" and "-". Below it, only \`command\` must be there.
  hello:
    command: while true; do date; sleep 5; done

  # All keys. A line without a space after # is an example, or what holds unless said otherwise.
  #all-keys:
`

/** The Keelanfile that \`keelan init\` writes. Every key is in it, as a comment, from the one table of keys. */
export function keelanfileTemplate(): string {
  const groups = new Set<string>()
  const lines = keys.flatMap((key) => {
    const [first = '', inner] = key.name.split('.')
    const yaml = stringify(
      { [inner ?? first]: writeValue(key, key.example) },
      { lineWidth: 0, collectionStyle: 'flow' },
    )
    const text = yaml.trim().replace(/^\{ (.*) \}$/, '$1')
    const heading = inner !== undefined && !groups.has(first) ? [`    #${first}:`] : []
    groups.add(first)
    const indent = inner === undefined ? '' : '  '
    return [...heading, `${indent}    # ${key.help}`, `${indent}    #${text}`]
  })
  return `${introduction}${lines.join('\n')}\n`
}

/** Variables without which the app would be another one when it is started by the desktop. */
const needed = ['BASE_DIRECTORY', 'KEELAN_NODE'] as const

/** A desktop entry that starts the app at login, with no window: freedesktop.org's Desktop Entry and Autostart specifications. */
export function autostartEntry(command: readonly string[], icon: string, environment: NodeJS.ProcessEnv): string {
  const variables = needed.flatMap((name) => (environment[name] ? [`${name}=${environment[name]}`] : []))
  const words = [...(variables.length === 0 ? [] : ['env', ...variables]), ...command, '--hidden']
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Keelan',
    'Comment=Shows what Keelan keeps running, and tells when something fails',
    `Exec=${words.map(quoted).join(' ')}`,
    `Icon=${escaped(icon)}`,
    'Terminal=false',
    'Categories=Utility;',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/** Whether an entry does start the app: a desktop switches one off by a line in it. */
export function isSwitchedOn(entry: string): boolean {
  return !/^\s*(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/im.test(entry)
}

/** A word of `Exec`: quoted as for a shell, then escaped as every value is; `%` begins a field code. */
function quoted(word: string): string {
  const safe = word.replaceAll('%', '%%')
  if (/^[\w./:=@%+,-]+$/.test(safe)) return safe
  return escaped(`"${safe.replaceAll(/["`$\\]/g, String.raw`\$&`)}"`)
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const escaped = (value: string): string => value.replaceAll(/[\\\n\r\t]/g, (letter) => escapes[letter]!)

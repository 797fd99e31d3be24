import { basename } from 'node:path'
import type { Suggestion } from '../api/keelanfile.ts'

/** A file at the top of a folder: `text` of the ones that are read, `head` the first bytes of one that may be executed. */
export interface FoundFile {
  readonly name: string
  readonly text?: string
  readonly head?: Buffer
}

/** Scripts of a package.json that run until they are stopped. */
const longRunningScripts = ['start', 'dev', 'serve']
/** Files that a program in Python is usually begun with, and what else the command needs. */
const pythonPrograms = new Map([
  ['main.py', []],
  ['app.py', []],
  ['manage.py', ['runserver']],
])
const mostOfProcfile = 50
export const mostPrograms = 20

/** Ships that the files of a folder look like; pure. Names are valid ship names, each once. */
export function suggestShips(folder: string, files: readonly FoundFile[]): Suggestion[] {
  const textOf = (name: string): string => files.find((file) => file.name === name)?.text ?? ''
  const found = [
    ...scripts(basename(folder), textOf('package.json')),
    ...procfile(textOf('Procfile')),
    ...python(basename(folder), files),
    ...programs(files),
  ]
  const taken = new Set<string>()
  return found.map(({ name, ...rest }) => ({ name: freeName(name, taken), cwd: folder, ...rest }))
}

/** A ship's name made of any text; `ship` if nothing of it may stand in one. */
export function shipNameFrom(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 63)
    .replace(/[^a-z0-9]+$/, '')
  return name === '' ? 'ship' : name
}

type Idea = Omit<Suggestion, 'cwd'>

function scripts(folder: string, text: string): Idea[] {
  const { name, scripts: all } = jsonObject(text)
  if (typeof all !== 'object' || all === null) return []
  // `@owner/name`: the owner says nothing here.
  const base = typeof name === 'string' && name !== '' ? name.replace(/^@[^/]*\//, '') : folder
  return longRunningScripts
    .filter((script) => Object.hasOwn(all, script))
    .map((script, index) => ({
      name: index === 0 ? base : `${base}-${script}`,
      command: ['npm', 'run', script],
      source: `script "${script}" in package.json`,
    }))
}

/** A package.json that is not JSON has no scripts: nobody asked about it. */
function jsonObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** `web: node server.js`, a line each. */
function procfile(text: string): Idea[] {
  return text
    .split('\n')
    .map((line) => /^([A-Za-z0-9_-]+):\s*(\S.*)$/.exec(line.trim()))
    .filter((match) => match !== null)
    .slice(0, mostOfProcfile)
    .map(([, name = '', command = '']) => ({ name, command, source: `"${name}" in Procfile` }))
}

function python(folder: string, files: readonly FoundFile[]): Idea[] {
  return [...pythonPrograms]
    .filter(([program]) => files.some(({ name }) => name === program))
    .map(([program, more]) => ({
      name: `${folder}-${program.replace(/\.py$/, '')}`,
      command: ['python3', program, ...more],
      source: `Python program ${program}`,
    }))
}

function programs(files: readonly FoundFile[]): Idea[] {
  return files
    .filter((file) => isProgram(file) && !pythonPrograms.has(file.name))
    .slice(0, mostPrograms)
    .map(({ name }) => ({
      name: name.replace(/\.[a-z]{1,4}$/i, ''),
      command: [`./${name}`],
      source: `program ${name}`,
    }))
}

/** A script with a `#!` line, or a binary (ELF) that is not a library. */
export function isProgram({ name, head }: FoundFile): boolean {
  const start = head?.toString('latin1') ?? ''
  return start.startsWith('#!') || (start.startsWith('\x7fELF') && !/\.so(\.|$)/.test(name))
}

function freeName(wanted: string, taken: Set<string>): string {
  const base = shipNameFrom(wanted)
  let name = base
  for (let n = 2; taken.has(name); n += 1) name = `${base.slice(0, 58)}-${n}`
  taken.add(name)
  return name
}

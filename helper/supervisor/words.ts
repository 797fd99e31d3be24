import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'
import type { ShipDefinition } from '../api/definition.ts'

/** A command as a person would type it. */
export function shownCommand(command: ShipDefinition['command']): string {
  return typeof command === 'string' ? command : command.map(quoted).join(' ')
}

const quoted = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

const errnoText = (errno: number): string => getSystemErrorMap().get(-errno)?.[1] ?? `error ${errno}`
const errnoName = (errno: number): string => getSystemErrorMap().get(-errno)?.[0] ?? ''

/** Why a ship could not be started, from the step that failed and its errno (`helper/shim/PROTOCOL.md`). */
export function startFailure(definition: ShipDefinition, step: string, errno: number): string {
  const why = errnoText(errno)
  switch (step) {
    case 'exec':
      return programFailure(typeof definition.command === 'string' ? '/bin/sh' : definition.command[0], errno)
    case 'cwd':
      return `cannot enter its folder ${definition.cwd}: ${why}`
    case 'root':
      return `cannot be confined to ${definition.root}: ${why}`
    case 'user':
      return errno === 0 ? `no such user: ${definition.user}` : `cannot run as user ${definition.user}: ${why}`
    case 'group':
      return errno === 0 ? `no such group: ${definition.group}` : `cannot run as group ${definition.group}: ${why}`
    case 'log':
      return `cannot open its log: ${why}`
    case 'limit':
      return `cannot set its limits: ${why}`
    case 'nice':
      return `cannot set its nice value to ${definition.nice}: ${why}`
    default:
      return `cannot be started (${step}): ${why}`
  }
}

function programFailure(program: string, errno: number): string {
  // libuv, whose names and texts Node has, knows no ENOEXEC.
  if (errno === constants.errno.ENOEXEC) return `${program} is not a program (a script needs a #! line)`
  switch (errnoName(errno)) {
    case 'ENOENT':
      return `no such program: ${program}`
    case 'EACCES':
      return `${program} is not executable`
    default:
      return `${program} cannot be executed: ${errnoText(errno)}`
  }
}

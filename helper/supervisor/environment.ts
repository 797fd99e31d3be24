import { readFileSync } from 'node:fs'
import { KeelanError } from '../api/errors.ts'
import { type Environment, isInherited, type ShipDefinition } from '../api/definition.ts'
import { EnvFileFault, parseEnvFile } from './env-file.ts'

/** Every process of a ship carries these, so that what it forked away is found where there is no subreaper. */
export const shipMark = 'KEELAN_SHIP'
export const shimMark = 'KEELAN_SHIM'

/** Variables that belong to the user a ship runs as; with `user` the shim sets that user's own. */
const personal = new Set(['HOME', 'USER', 'LOGNAME', 'SHELL', 'SSH_AUTH_SOCK', 'XDG_RUNTIME_DIR'])

/** The part of a shell's environment that a ship takes: what `inheritedVariables` names, or all of it, but never another ship's mark. */
export function inherited(shell: Environment, { all }: { all: boolean }): Environment {
  return Object.fromEntries(
    Object.entries(shell).filter(([name]) => name !== shipMark && name !== shimMark && (all || isInherited(name))),
  )
}

/**
 * The whole environment of a ship: the deploying shell's part, then `env_file`, then `env`, then the marks. Env files are read anew at
 * every start. Throws KeelanError ENV_FILE_UNREADABLE, naming the file.
 */
export function shipEnvironment(definition: ShipDefinition, shell: Environment, shimId: string): Environment {
  const fromShell = inherited(shell, { all: definition.inheritEnv })
  if (definition.user !== undefined) for (const name of personal) delete fromShell[name]
  const fromFiles = definition.envFile.map((file) => readEnvFile(file, definition.name))
  return Object.assign(fromShell, ...fromFiles, definition.env, { [shipMark]: definition.name, [shimMark]: shimId })
}

/** Reads an env file (`env-file.ts` says how). Throws KeelanError ENV_FILE_UNREADABLE, naming file and line. */
export function readEnvFile(file: string, ship: string): Environment {
  try {
    return parseEnvFile(readFileSync(file, 'utf8'))
  } catch (error) {
    const why = error instanceof EnvFileFault ? error.message : `cannot be read (${errorCode(error)})`
    throw new KeelanError('ENV_FILE_UNREADABLE', `${ship}: env_file ${file} ${why}`)
  }
}

const errorCode = (error: unknown): string =>
  error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error)

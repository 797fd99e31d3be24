import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { KeelanError } from '../api/errors.ts'
import { type Environment, isInherited, type ShipDefinition } from '../api/definition.ts'
import { EnvFileFault, parseEnvFile } from './env-file.ts'

/** Every process of a ship carries these, so that what it forked away is found where there is no subreaper. */
export const shipMark = 'KEELAN_SHIP'
export const shimMark = 'KEELAN_SHIM'
/** Of Keelan itself, or of the app's binary that runs the helper: nothing that a ship is to have by chance. */
const isOurs = (name: string): boolean => name.startsWith('KEELAN_') || name === 'ELECTRON_RUN_AS_NODE'

/** Variables that belong to the user a ship runs as; with `user` the shim sets that user's own. */
const personal = new Set(['HOME', 'USER', 'LOGNAME', 'SHELL', 'SSH_AUTH_SOCK', 'XDG_RUNTIME_DIR'])

/** The part of a shell's environment that a ship takes: what `inheritedVariables` names, or all of it, but never what is Keelan's own. */
export function inherited(shell: NodeJS.ProcessEnv, { all }: { all: boolean }): Environment {
  const pairs = Object.entries(shell).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return Object.fromEntries(pairs.filter(([name]) => !isOurs(name) && (all || isInherited(name))))
}

/**
 * The whole environment of a ship: the deploying shell's part, then `env_file`, then `env`, then the marks. Env files are read anew at
 * every start. Throws KeelanError ENV_FILE_UNREADABLE, naming the file.
 */
export function shipEnvironment(definition: ShipDefinition, shell: Environment, shimId: string): Environment {
  const fromShell = inherited(shell, { all: definition.inheritEnv })
  if (definition.user !== undefined) for (const name of personal) delete fromShell[name]
  const fromFiles = definition.envFile.map((file) => readEnvFile(file, definition.name))
  const marks = { [shimMark]: shimId, [shipMark]: definition.name }
  // First, where shims look for them, and last, so that nothing else can set them.
  return Object.assign({ ...marks }, fromShell, ...fromFiles, definition.env, marks)
}

/** Reads an env file (`env-file.ts` says how). Throws KeelanError ENV_FILE_UNREADABLE, naming file and line. */
export function readEnvFile(file: string, ship: string): Environment {
  try {
    return parseEnvFile(readSmallFile(file))
  } catch (error) {
    const why = error instanceof EnvFileFault ? error.message : `cannot be read (${errorCode(error)})`
    throw new KeelanError('ENV_FILE_UNREADABLE', `${ship}: env_file ${file} ${why}`)
  }
}

/** Larger is no env file, in bytes. */
const largestEnvFile = 1_024 * 1_024

/** Not `readFileSync`, which would wait for ever at a pipe and never end with a device. */
function readSmallFile(file: string): string {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw new EnvFileFault('is not a file')
    if (stats.size > largestEnvFile) throw new EnvFileFault('is larger than 1 MiB')
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

const errorCode = (error: unknown): string =>
  error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error)

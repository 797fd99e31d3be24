import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { KeelanError } from '../api/errors.ts'
import type { ShipDefinition } from '../api/definition.ts'
import { didYouMean } from '../keelanfile/nearest.ts'
import { describeFault, longestKeelanfile, parseKeelanfile } from '../keelanfile/parse.ts'
import { foldersOf } from './context.ts'
import type { Context } from './context.ts'
import { Exit, exitCodes, failureLine, Refusal } from './failure.ts'
import { plain, tell } from './terminal.ts'

const fileNames = ['Keelanfile.yml', 'Keelanfile.yaml']
const mostFaultsShown = 50

/** Reads the Keelanfile that is meant: the one named, else that of the current folder or the nearest one above. Tells every fault. */
export function readKeelanfile(
  context: Context,
  file: string | undefined,
): { path: string; definitions: ShipDefinition[] } {
  const path = file === undefined ? findKeelanfile(context.folder) : resolve(context.folder, file)
  const result = parseKeelanfile(textOf(path), { ...foldersOf(context), folder: dirname(path) })
  if (result.ok) return { path, definitions: result.definitions }
  const { faults } = result
  for (const fault of faults.slice(0, mostFaultsShown))
    tell(context.stderr, `${plain(path)}: ${plain(describeFault(fault))}`)
  const more = faults.length > mostFaultsShown ? `, the first ${mostFaultsShown} of them above` : ''
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  tell(context.stderr, failureLine(new KeelanError('INVALID_KEELANFILE', `${path} has ${count}${more}`)))
  throw new Exit(exitCodes.failed)
}

/** The definitions of these names, in the order of the file; all if none is named. */
export function selectDefinitions(
  definitions: readonly ShipDefinition[],
  names: readonly string[],
  path: string,
): ShipDefinition[] {
  const known = definitions.map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new Refusal(
      `${path} names no ship ${unknown}${didYouMean(unknown, known) || `; it names ${known.join(', ')}`}`,
    )
  return definitions.filter(({ name }) => names.length === 0 || names.includes(name))
}

function findKeelanfile(folder: string): string {
  for (let here = folder; ; here = dirname(here)) {
    const found = fileNames
      .map((name) => join(here, name))
      .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    if (found !== undefined) return found
    if (here === dirname(here)) break
  }
  throw new Refusal(
    `there is no ${fileNames[0]} in ${folder} or above it; \`keelan init\` writes one, --file names another`,
  )
}

function textOf(path: string): string {
  try {
    // A pipe would be waited for, a device read without end.
    if (!statSync(path).isFile()) throw new Error('it is not a file')
    if (statSync(path).size > longestKeelanfile) throw new Error('it is longer than 1 MiB')
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
          ? 'it is not UTF-8'
          : message
    throw new Refusal(`${path} cannot be read: ${why}; name a Keelanfile with --file`)
  }
}

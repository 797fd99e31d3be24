import { homedir } from 'node:os'
import { baseDirectory } from '../base-directory.ts'
import { KeelanClient } from '../client.ts'
import { KeelanError } from '../api/errors.ts'
import { tell } from './terminal.ts'
import type { Output } from './terminal.ts'

/** What a command is given of the world. */
export interface Context {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: Output
  readonly stderr: Output
  readonly env: NodeJS.ProcessEnv
  /** Absolute path of the folder the command was typed in. */
  readonly folder: string
}

/** The client of the helper of this person. */
export const connect = ({ env }: Context): KeelanClient => new KeelanClient(baseDirectory(env).socket)

/** What relative paths and `~/` mean here. */
export const foldersOf = ({ env, folder }: Context): { folder: string; home: string } => ({
  folder,
  home: env['HOME'] || homedir(),
})

/** Does what needs the helper; if it is not running, starts it first and says so. */
export async function startingHelper<T>(context: Context, task: (client: KeelanClient) => Promise<T>): Promise<T> {
  const client = connect(context)
  try {
    return await task(client)
  } catch (error) {
    // Nobody answered, so nothing was done yet.
    if (!(error instanceof KeelanError) || error.code !== 'HELPER_NOT_RUNNING') throw error
  }
  const { startHelper } = await import('../daemon-control.ts')
  const { pid, alreadyRunning } = await startHelper({})
  if (!alreadyRunning) tell(context.stderr, `keelan: the helper was not running: started it (pid ${pid})`)
  return task(client)
}

import { isInherited } from '../api/definition.ts'
import type { Environment, ShipDefinition } from '../api/definition.ts'

/** What these ships take from the shell that deploys them; the rest does not leave this process. */
export function shellEnvironment(ships: readonly ShipDefinition[], shell: NodeJS.ProcessEnv): Environment {
  const takesAll = ships.some(({ inheritEnv }) => inheritEnv)
  const pairs = Object.entries(shell).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return Object.fromEntries(pairs.filter(([name]) => takesAll || isInherited(name)))
}

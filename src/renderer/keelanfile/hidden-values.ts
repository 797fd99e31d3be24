import type { Environment, ShipDefinition } from '../../../helper/api/definition.ts'

/** What the API writes in place of a value that was not asked for. */
export const mask = '***'

/**
 * Puts the real values in for those that were hidden while the text was edited, so that a mask is never deployed.
 * `unknown` names variables that are masked and have no value behind them, since they are new or were renamed.
 */
export function withHiddenValues(
  definition: ShipDefinition,
  real: Environment,
): { definition: ShipDefinition; unknown: readonly string[] } {
  const masked = Object.keys(definition.env).filter((name) => definition.env[name] === mask)
  const unknown = masked.filter((name) => !Object.hasOwn(real, name))
  const known = masked.filter((name) => Object.hasOwn(real, name)).map((name) => [name, real[name]!])
  return { definition: { ...definition, env: { ...definition.env, ...Object.fromEntries(known) } }, unknown }
}

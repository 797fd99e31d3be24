import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'

/** The history of a ship. */
export function runRoutes({ history }: Services): Pick<Handlers, 'listRuns'> {
  return {
    listRuns: async ({ params, query: { limit, before } }) => ({
      runs: await history.runs(params.name, { limit, ...(before !== undefined && { before }) }),
    }),
  }
}

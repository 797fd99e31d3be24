import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'

/** Failures that the person was told of, or is to be. */
export function incidentRoutes({ incidents }: Services): Pick<Handlers, 'listIncidents'> {
  return {
    listIncidents: async ({ query }) => ({ incidents: await incidents.list(query) }),
  }
}

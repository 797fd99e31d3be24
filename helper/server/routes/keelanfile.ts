import { homedir } from 'node:os'
import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'

type KeelanfileRoute = 'readKeelanfile' | 'findShips' | 'getKeelanfile'

/** Keelanfiles, for who deploys with forms. The YAML library is loaded when it is first needed: most helpers never do. */
export function keelanfileRoutes({ ships }: Pick<Services, 'ships'>): Pick<Handlers, KeelanfileRoute> {
  return {
    readKeelanfile: async ({ body: { text, folder } }) => {
      const { parseKeelanfile } = await import('../../keelanfile/parse.ts')
      const result = parseKeelanfile(text, { folder, home: homedir() })
      return result.ok ? { ships: result.definitions, faults: [] } : { ships: [], faults: result.faults }
    },
    findShips: async ({ body }) => {
      const { findShips } = await import('../../keelanfile/find-ships.ts')
      return findShips(body.path)
    },
    getKeelanfile: async ({ params, query }) => {
      const { definition } = await ships.detail(params.name, { showEnv: query.env })
      const { printKeelanfile } = await import('../../keelanfile/print.ts')
      return { text: printKeelanfile([definition]) }
    },
  }
}
